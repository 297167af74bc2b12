"""The processes of a hub as `hub up` runs them, each started again when it ends, and killed at random."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from redis.exceptions import RedisError

from hub import jobs
from hub.settings import Settings

ROOT = Path(__file__).parent.parent.parent
COMMANDS = {"valkey": "valkey", "clock": "clock", "worker.1": "worker", "worker.2": "worker"}
TARGETS = ("worker.1", "worker.2", "child", "child", "child", "valkey", "flush")
"""What is hit, as often as it stands here: a worker with its child, the child that does a job, Valkey, or what Valkey holds."""


class Processes:
    """Processes of our own; whichever has ended is started again at the next look."""

    def __init__(self, settings: Settings, environment: Mapping[str, str], log: Path) -> None:
        self._settings, self._environment = settings, {**os.environ, **environment}
        self._log = log.open("ab")
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.hits: Counter[str] = Counter()

    def look(self) -> None:
        """Start what does not run."""
        for name, command in COMMANDS.items():
            held = self._running.get(name)
            if held is None or held.poll() is not None:
                self._running[name] = subprocess.Popen(  # noqa: S603 - ourselves
                    [sys.executable, "-m", "hub", command],
                    cwd=ROOT,
                    env=self._environment,
                    stdout=self._log,
                    stderr=self._log,
                )

    def hit(self, chance: Random) -> None:
        """Kill something at once, as a machine would that loses its power."""
        children = [child for name in ("worker.1", "worker.2") for child in self._children(name)]
        target = chance.choice([target for target in TARGETS if target != "child" or children])
        if target == "flush":
            with suppress(RedisError):
                jobs.client(self._settings).flushall()
        else:
            _kill(chance.choice(children) if target == "child" else self._running[target].pid)
        self.hits[target.partition(".")[0]] += 1

    def close(self) -> None:
        for held in self._running.values():
            held.send_signal(signal.SIGTERM)
        for held in self._running.values():
            try:
                held.wait(timeout=10)
            except subprocess.TimeoutExpired:
                held.kill()
                held.wait()
        self._log.close()

    def _children(self, name: str) -> list[int]:
        """The processes that one of ours has started itself, as the kernel lists them."""
        pid = self._running[name].pid
        try:
            return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except OSError:
            return []


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextmanager
def processes(settings: Settings, environment: Mapping[str, str], log: Path) -> Iterator[Processes]:
    """Run them until the block is left."""
    found = Processes(settings, environment, log)
    try:
        found.look()
        yield found
    finally:
        found.close()


def until(done: Callable[[], bool], processes: Processes, *, seconds: float) -> bool:
    """Look after the processes until all is done or the time is over; whether it was done."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        processes.look()
        time.sleep(0.1)
    return False


def hitting(processes: Processes, chance: Random, *, pages: Callable[[], int], times: int) -> Callable[[], bool]:
    """Hits something at some moment of every few pages that are read; done after so many times."""
    next_at = [1]

    def look() -> bool:
        if (read := pages()) >= next_at[0]:
            time.sleep(chance.uniform(0.0, 0.3))
            processes.hit(chance)
            next_at[0] = read + chance.randint(1, 3)
        return processes.hits.total() >= times

    return look
