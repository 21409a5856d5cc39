"""Programs that are forked from a process that has the command line loaded: to load it takes longer than most of them.

What is started is a client, which hands its streams, folder and environment to a fork server, passes signals on, and
ends as the forked process does, so it behaves like any other program. On systems without fork, it is Python.

This file is the client, too: it imports nothing that takes long.
"""

import json
import os
import signal
import socket
import sys

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
_servers: dict[int, str] = {}


def runbutton(*arguments: str) -> list[str]:
    """`python -m generator` with these arguments, for subprocess; shlex.join() makes a shell's line of it."""
    return python("generator", *arguments)


def python(module: str, *arguments: str) -> list[str]:
    """`python -m` with this module, wherever it is started."""
    if os.name != "posix":
        code = "import runpy, sys; sys.path[0] = sys.argv.pop(1); runpy.run_module(sys.argv[1], None, '__main__', True)"
        return [sys.executable, "-X", "utf8", "-c", code, _ROOT, module, *arguments]
    return [sys.executable, "-I", "-S", __file__, _server(), module, *arguments]


def _server() -> str:
    """The address of this process' fork server, which ends with it."""
    import atexit
    import subprocess
    import tempfile

    if os.getpid() not in _servers:
        folder = tempfile.TemporaryDirectory(prefix="forked-")
        address = f"{folder.name}/server"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(address)
            listener.listen()
            command = [sys.executable, "-X", "utf8", "-m", "tests.fork_server", str(listener.fileno())]
            process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, pass_fds=[listener.fileno()])
        atexit.register(folder.cleanup)
        atexit.register(process.communicate)
        _servers[os.getpid()] = address
    return _servers[os.getpid()]


def _client(address: str, module: str, *arguments: str) -> int:
    """Has the server run the module in this process' place; gives its status as os.wait() does."""
    given = [number for number in (0, 1, 2) if _is_open(number)]
    # A closed stream must not be replaced by another file.
    kept = [os.open(os.devnull, os.O_RDONLY) for _ in range(3 - len(given))]
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        socket.send_fds(server, [b"\n"], given)
        asked = {"given": given, "module": module, "arguments": arguments}
        asked |= {"folder": os.getcwd(), "environ": dict(os.environ)}  # noqa: PTH109
        server.sendall(f"{json.dumps(asked)}\n".encode())
        answers = server.makefile()
        pid = int(answers.readline())
        for name in _SIGNALS:
            signal.signal(getattr(signal, name), lambda number, _: os.kill(pid, number))
        for number in (*given, *kept):
            os.close(number)
        return int(answers.readline())


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _end(status: int) -> None:
    """Ends as a process with this status did."""
    if os.WIFSIGNALED(status):
        signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.WEXITSTATUS(status))


if __name__ == "__main__":
    _end(_client(*sys.argv[1:]))
