"""The server of tests/forked.py: loads the command line once, and forks for each client. Ends when its stdin does.

Each process loads esbuild and V8 itself, because their threads do not survive a fork.
"""

import gc
import json
import os
import runpy
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import generator.build
import generator.cli.progress
import generator.cli.tenant
import generator.config
import generator.preview
import generator.run
import generator.starter  # noqa: F401


def serve(listener: socket.socket) -> Callable[[], None] | None:
    """Forks for each connection; gives None in the end, and in a forked process what it is to do."""
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            return None
        client, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            return watched(client)
        client.close()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass


def watched(client: socket.socket) -> Callable[[], None]:
    """Forks once more: one process runs, the other tells the client how that ends, or kills it when the client dies."""
    _, streams, *_ = socket.recv_fds(client, 1, 3)
    asked = json.loads(client.makefile().readline())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        for number in (woken, wake):
            os.close(number)
        client.close()
        return lambda: become(asked, dict(zip(asked["given"], streams, strict=True)))
    for stream in streams:
        os.close(stream)
    client.sendall(f"{pid}\n".encode())
    ready, _, _ = select.select([woken, client], [], [])
    if client in ready:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    with suppress(OSError):
        client.sendall(f"{status}\n".encode())
    os._exit(0)


def become(asked: dict[str, Any], streams: dict[int, int]) -> None:
    """Makes of this process what `python -m` with a module is when it begins, and goes on as that."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environ"])
    for number in range(3):
        with suppress(OSError):
            os.close(number)
        if number in streams:
            os.dup2(streams[number], number)
    for stream in streams.values():
        os.close(stream)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        setattr(sys, name, _stream(number) if number in streams else None)
    sys.argv = [asked["module"], *asked["arguments"]]
    runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)


def _stream(number: int) -> Any:
    # As Python itself opens them.
    if number == 0:
        return open(number, encoding="utf-8", closefd=False)
    errors = "backslashreplace" if number == 2 else "strict"
    buffering = 1 if number == 2 or os.isatty(number) else -1
    return open(number, "w", buffering, encoding="utf-8", errors=errors, closefd=False)


if __name__ == "__main__":
    # Loaded modules stay to the end of each process; the garbage collector would take longer than most of them run.
    gc.freeze()
    then = serve(socket.socket(fileno=int(sys.argv[1])))
    if then is not None:
        then()
