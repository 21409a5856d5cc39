"""`python -m generator` is `runbutton`."""

from generator.cli import main

main(prog_name="runbutton")
