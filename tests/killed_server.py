"""What the server loads that forks the processes that are killed; whoever only collects tests need not wait for it."""

from tests.killed import compile_all

compile_all()
