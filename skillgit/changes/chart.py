"""The growth of a library as a picture: an SVG that needs nothing beside it, in light and in dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from skillgit.changes.stats import Period

_COLOURS = {"add": "#2f9e44", "merge": "#1971c2", "discard": "#adb5bd", "other": "#e8590c"}
_WIDTH, _HEIGHT, _LEFT, _TOP, _FOOT = 800, 320, 48, 44, 36

_FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{title}"
     font-family="system-ui, sans-serif" font-size="12">
<style>text {{ fill: #495057 }} line {{ stroke: #adb5bd }}
@media (prefers-color-scheme: dark) {{ text {{ fill: #ced4da }} line {{ stroke: #495057 }} }}</style>
<title>{title}</title>
{parts}
</svg>
"""


def svg(periods: Sequence[Period]) -> str:
    """Decisions of each period as a stacked bar (add, merge, discard, other), and the number of skills above it."""
    highest = max((sum(period.actions.values()) for period in periods), default=1)
    step = (_WIDTH - _LEFT) / max(1, len(periods))
    parts = [_text(_LEFT, 18, "decisions, and the number of skills at the end of each period"), *_legend()]
    parts.append(f'<line x1="{_LEFT}" y1="{_HEIGHT - _FOOT}" x2="{_WIDTH}" y2="{_HEIGHT - _FOOT}"/>')
    parts += [_text(4, _TOP + 10, str(highest)), _text(4, _HEIGHT - _FOOT, "0")]
    every = -(-len(periods) // 8)  # eight dates have room beside each other
    for number, period in enumerate(periods):
        parts += _bar(period, _LEFT + number * step, step, highest)
        if number % every == 0:
            parts.append(_text(_LEFT + number * step, _HEIGHT - 14, period.start))
    title = f"{sum(sum(period.actions.values()) for period in periods)} decisions"
    return _FRAME.format(width=_WIDTH, height=_HEIGHT, title=title, parts="\n".join(parts))


def _bar(period: Period, left: float, step: float, highest: int) -> list[str]:
    parts = []
    foot = float(_HEIGHT - _FOOT)
    for kind in _COLOURS:
        count = sum(times for action, times in period.actions.items() if _kind(action) == kind)
        tall = count * (_HEIGHT - _FOOT - _TOP - 16) / highest
        foot -= tall
        if count:
            said = f"<title>{period.start}: {count} {kind}</title>"
            box = f'x="{left + step * 0.1:.1f}" y="{foot:.1f}" width="{step * 0.8:.1f}" height="{tall:.1f}"'
            parts.append(f'<rect {box} fill="{_COLOURS[kind]}">{said}</rect>')
    if step > 24:
        parts.append(_text(left + step * 0.1, foot - 4, str(period.skills)))
    return parts


def _kind(action: str) -> str:
    return action if action in _COLOURS else "other"


def _legend() -> list[str]:
    parts = []
    for number, (kind, colour) in enumerate(_COLOURS.items()):
        left = _LEFT + 440 + number * 80
        parts.append(f'<rect x="{left}" y="9" width="10" height="10" fill="{colour}"/>')
        parts.append(_text(left + 15, 18, kind))
    return parts


def _text(x: float, y: float, words: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'
