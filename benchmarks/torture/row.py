"""What a row of the scoreboard found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """How often the fault was made, what did not hold, and figures worth reading; `skipped` says why nothing ran."""

    count: int
    problems: tuple[str, ...] = ()
    figures: str = ""
    skipped: str = ""
