"""Characters that nothing shows, or that make text read in another order than it stands in, made to be seen.

What hides in a skill is what a reader of a difference has to find. Joiners and variation selectors of emoji stay. Of a
name that is no UTF-8 each wrong byte is one, from U+DC80 on.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f]|[\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\ufffb"
    "\U000e0000-\U000e0fff]+"
)
_PICTURES = 0x2400  # of the control characters, in Unicode's order
_FEW = 3


def visible(text: str) -> Markup:
    """The text, with what cannot be seen in it told by its number, such as U+202E."""
    told = _UNSEEN.sub(lambda match: f'<span class="unseen">{_told(match[0])}</span>', str(escape(text)))
    return Markup(told)


def named(text: str) -> str:
    """The same without marks of ours, for a text that is HTML already: ⟨U+202E⟩."""
    return _UNSEEN.sub(lambda match: f"⟨{_told(match[0])}⟩", text)


def _told(run: str) -> str:
    if ord(run[0]) < ord(" "):
        return chr(_PICTURES + ord(run[0]))
    numbers = " ".join(f"U+{ord(char):04X}" for char in run[:_FEW])
    return numbers if len(run) <= _FEW else f"{numbers} … ×{len(run)}"
