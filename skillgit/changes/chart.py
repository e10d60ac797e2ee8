"""The growth of a library as a picture: where its bars stand, and an SVG that needs nothing beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final, Literal, TypeAlias

from skillgit.changes.stats import Period, Stats, Unit

Kind: TypeAlias = Literal["add", "merge", "discard", "other"]

_COLOURS: Final[dict[Kind, str]] = {"add": "#2f9e44", "merge": "#1971c2", "discard": "#adb5bd", "other": "#e8590c"}
KINDS: Final = tuple(_COLOURS)
"""The kinds of decisions that a picture tells apart, from the foot of a bar up."""
_SPAN: Final[dict[Unit, int]] = {"day": 1, "week": 7, "month": 31}
_SLIM: Final = 0.8  # share of its period that a bar is wide
_WIDEST: Final = 1 / 12  # of the picture, where there are few periods
_DATES: Final = 8  # have room beside each other
_WIDTH, _HEIGHT, _LEFT, _TOP, _FOOT = 800, 320, 48, 60, 36

_FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{title}"
     font-family="system-ui, sans-serif" font-size="12">
<style>text {{ fill: #495057 }} line {{ stroke: #adb5bd }}
@media (prefers-color-scheme: dark) {{ text {{ fill: #ced4da }} line {{ stroke: #495057 }} }}</style>
<title>{title}</title>
{parts}
</svg>
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """The decisions of one kind in one period; its place is in shares of the picture, from the left and from below."""

    start: str
    kind: Kind
    count: int
    left: float
    width: float
    foot: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """A period: where it begins and its middle is, in shares of the picture, and how high its bars reach."""

    period: Period
    left: float
    middle: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """All periods on one axis of time, and their bars; `highest` is the number of decisions at the top."""

    columns: tuple[Column, ...]
    bars: tuple[Bar, ...]
    highest: int


def picture(found: Stats) -> Picture:
    """Where the decisions of each period stand, stacked by kind, and the periods by when they were."""
    highest = max((sum(period.actions.values()) for period in found.periods), default=1)
    days = [date.fromisoformat(period.start).toordinal() for period in found.periods]
    span = days[-1] - days[0] + _SPAN[found.unit] if days else 1
    step = _SPAN[found.unit] / span
    width = min(_SLIM * step, _WIDEST)
    columns, bars = [], list[Bar]()
    for period, day in zip(found.periods, days, strict=True):
        middle = (day - days[0]) / span + step / 2
        own = _stacked(period, middle - width / 2, width, highest)
        columns.append(Column(period, middle - width / 2, middle, own[-1].foot + own[-1].height))
        bars += own
    return Picture(tuple(columns), tuple(bars), highest)


def _stacked(period: Period, left: float, width: float, highest: int) -> list[Bar]:
    bars: list[Bar] = []
    foot = 0.0
    for kind in KINDS:
        count = sum(times for action, times in period.actions.items() if _kind(action) == kind)
        if count:
            bars.append(Bar(period.start, kind, count, left, width, foot, count / highest))
            foot += count / highest
    return bars


def _kind(action: str) -> Kind:
    return action if action in _COLOURS else "other"


def svg(found: Stats) -> str:
    """Decisions of each period as a stacked bar (add, merge, discard, other), and the number of skills above it."""
    drawn = picture(found)
    parts = [_text(_LEFT, 18, "decisions, and the number of skills at the end of each period"), *_legend()]
    parts.append(f'<line x1="{_LEFT}" y1="{_y(0):.1f}" x2="{_WIDTH}" y2="{_y(0):.1f}"/>')
    parts += [_text(4, _y(1) + 10, str(drawn.highest)), _text(4, _y(0), "0")]
    parts += map(_rect, drawn.bars)
    every = -(-len(drawn.columns) // _DATES)
    for number, column in enumerate(drawn.columns):
        if number % every == 0:
            parts.append(_text(_x(column.left), _HEIGHT - 14, column.period.start))
            parts.append(_text(_x(column.left), _y(column.height) - 4, str(column.period.skills)))
    title = f"{sum(bar.count for bar in drawn.bars)} decisions"
    return _FRAME.format(width=_WIDTH, height=_HEIGHT, title=title, parts="\n".join(parts))


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT)


def _y(share: float) -> float:
    return _HEIGHT - _FOOT - share * (_HEIGHT - _FOOT - _TOP)


def _rect(bar: Bar) -> str:
    said = f"<title>{bar.start}: {bar.count} {bar.kind}</title>"
    wide, tall = bar.width * (_WIDTH - _LEFT), _y(0) - _y(bar.height)
    box = f'x="{_x(bar.left):.1f}" y="{_y(bar.foot + bar.height):.1f}" width="{wide:.1f}" height="{tall:.1f}"'
    return f'<rect {box} fill="{_COLOURS[bar.kind]}">{said}</rect>'


def _legend() -> list[str]:
    parts = []
    for number, (kind, colour) in enumerate(_COLOURS.items()):
        left = _LEFT + 440 + number * 80
        parts.append(f'<rect x="{left}" y="9" width="10" height="10" fill="{colour}"/>')
        parts.append(_text(left + 15, 18, kind))
    return parts


def _text(x: float, y: float, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'
