"""The key file: where `HUB_KEYS` is not set, the keys lie in the data folder, in a file that we alone may read."""

import os
import secrets
from pathlib import Path

from hub import settings


def new_key() -> str:
    """A fresh key under a fresh name, as HUB_KEYS lists them."""
    return f"{secrets.token_hex(3)}:{secrets.token_hex(32)}"


def path(data: Path) -> Path:
    """Where the file is, or would be."""
    return data / "keys"


def in_use(known: settings.Settings) -> bool:
    """Whether the keys of these settings are those of the file."""
    return path(known.data).exists() and settings.read({"HUB_DATA": str(known.data)}).keys == known.keys


def ensure(data: Path) -> None:
    """Make the file with a first key where a hub with this data folder would have none."""
    if not settings.read({**os.environ, "HUB_DATA": str(data)}).keys:
        prepend(data)


def prepend(data: Path) -> str:
    """Put a new key before those in the file, which is made where there is none; the name of the key.

    The file is replaced in one step: whoever reads it sees the keys of before or of after.
    """
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    file, key = path(data), new_key()
    held = file.read_text().strip() if file.exists() else ""
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
        written.write(",".join(filter(None, (key, held))))
        written.flush()
        os.fsync(written.fileno())
    fresh.replace(file)
    return key.partition(":")[0]
