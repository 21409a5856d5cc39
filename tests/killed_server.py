"""The modules of the fork server for killed processes, separate so that collecting tests stays fast."""

from tests.killed import compile_all

compile_all()
