"""Files that others see whole or not at all, whatever happens to whoever writes them, and where databases are."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

UNFINISHED: Final = ".unfinished"
"""How the name ends of a file that is being written, or whose writer was killed."""


def write(path: Path, data: bytes) -> None:
    """The file has these bytes, and they are on the disk; until then it is what it was. Raises OSError.

    The folder is made where it is missing; a new file is its owner's alone.
    """
    import tempfile  # 5 ms, and most commands find all files there

    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(suffix=UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except OSError:
        Path(unfinished).unlink(missing_ok=True)
        raise


def reserve(path: Path) -> None:
    """A database can be opened there that is its owner's alone; its folder is made where it is missing. Raises OSError.

    One that is there is left alone: to close a descriptor of it would drop the locks of this process's connections.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
