"""The learning process of a server: started with it, woken when there is something to do, started again if it dies."""

from __future__ import annotations

import asyncio
import sys
import time
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Final

from skillgit.serve import audit

_PATIENCE: Final = 10.0
"""Seconds that the job at hand has when the server ends; another process takes up what was not done."""
_PAUSES = (1.0, 5.0, 30.0)
_WELL = 60.0  # seconds after which a process that runs is no longer one that has died before


class Worker:
    """A process of `learning.py`, of one event loop."""

    def __init__(self, directory: Path) -> None:
        # -P: the server may run in a cloned library, and a module.py of that is none of ours
        self._command = [sys.executable, "-P", "-m", "skillgit.serve.learning", str(directory)]
        self._process: Process | None = None
        self._care: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """The process runs, and will go on to."""
        self._process = await self._started()
        self._care = asyncio.create_task(self._tend())

    def wake(self) -> None:
        """There is a job that is due."""
        pipe = self._process.stdin if self._process else None
        if pipe and not pipe.is_closing():
            pipe.write(b".")

    @property
    def pid(self) -> int | None:
        """The number of the process; None where it does not run."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def stop(self) -> None:
        """The process is gone, with the job at hand done if that took no longer than ten seconds."""
        if self._care:
            self._care.cancel()
        process = self._process
        if process is None or process.returncode is not None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), _PATIENCE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _tend(self) -> None:
        deaths = 0
        while self._process:
            began = time.monotonic()
            code = await self._process.wait()
            deaths = 0 if time.monotonic() - began > _WELL else deaths
            audit.trouble(f"the learning process ended with {code}; it is started again")
            await asyncio.sleep(_PAUSES[min(deaths, len(_PAUSES) - 1)])
            deaths += 1
            self._process = await self._started()

    async def _started(self) -> Process:
        return await asyncio.create_subprocess_exec(*self._command, stdin=PIPE, start_new_session=True)
