"""Markdown of strangers: what is shown, and what never is."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.serve.web.markdown import rendered

ALLOWED = re.compile(
    r"</?(?:a|blockquote|br|code|del|div|em|h[2-6]|hr|li|ol|p|pre|s|strong|table|tbody|td|th|thead|tr|ul)"
    r'(?: (?:href|title|start|class|tabindex|role|rel)="[^"<>]*")*\s*/?>'
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A\n## B", "<h2>A</h2>\n<h3>B</h3>\n"),
        ("###### deep", "<h6>deep</h6>\n"),
        ("a **b** `c` ~~d~~", "<p>a <strong>b</strong> <code>c</code> <s>d</s></p>\n"),
        ("3. x", '<ol start="3">\n<li>x</li>\n</ol>\n'),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("<!-- x -->", "<p>&lt;!-- x --&gt;</p>\n"),
        ("&lt;script&gt;", "<p>&lt;script&gt;</p>\n"),
        ("a\u202eb\U000e0041\U000e0042\r\nc", "<p>a⟨U+202E⟩b⟨U+E0041 U+E0042⟩\nc</p>\n"),
        ("[x](https://a.example)", '<p><a href="https://a.example" rel="noopener noreferrer">x</a></p>\n'),
        ("![x](https://a.example/i.png)", '<p><a href="https://a.example/i.png" rel="noopener noreferrer">x</a></p>\n'),
        ("```html\n<p onclick=x>\n```", "<pre><code>&lt;p onclick=x&gt;\n</code></pre>\n"),
    ],
    ids=lambda value: value[:24],
)
def test_a_text_is_shown_as_it_is_meant(text: str, html: str) -> None:
    assert rendered(text) == html


def test_a_table_moves_in_its_own_frame_and_carries_no_style() -> None:
    html = rendered("|a|b|\n|-|-:|\n|1|2|")
    assert html.startswith('<div class="wide" tabindex="0" role="group"><table>')
    assert "style" not in html


def test_a_link_leads_where_it_is_told_or_nowhere() -> None:
    known = {"x.md": "/files/x", "p.png": "/p"}
    html = rendered("[a](x.md) [b](gone.md) ![c](p.png) ![](gone.png)", link=lambda target: known.get(target, ""))
    assert 'href="/files/x"' in html and 'href="/p"' in html
    assert html.count("href") == 2 and ">b</a>" in html


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '!["><script>alert(1)</script>](x)',
    '[x](https://a "onmouseover=alert(1)")',
    "[x](https://a'\"><script>)",
    "[x]: javascript:alert(1)\n\n[x]",
    '```"><script>\nx\n```',
    "# <svg onload=alert(1)>",
    "|<script>|\n|-|\n|<iframe src=//evil.example>|",
    "<style>@import '//evil.example'</style>",
    "\x00<script>\x00alert(1)</script>",
    "<a href='//evil.example'>",
    "&#60;script&#62;",
    "<math><mi xlink:href='javascript:alert(1)'>",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_of_a_hostile_text_acts(text: str) -> None:
    for html in (rendered(text), rendered(f"- {text}\n\n> {text}")):
        assert "<" not in ALLOWED.sub("", html)
        assert not re.search(r'href="\s*(?:javascript|data|vbscript)', html, re.IGNORECASE)


@given(
    st.lists(
        st.sampled_from([*HOSTILE, "[", "](", ")", "`", "*", "\n", "> ", "- ", "|", "<", ">", '"', "&", "a", "中"])
    )
)
def test_nothing_of_any_mixture_acts(parts: list[str]) -> None:
    html = rendered("".join(parts))
    assert "<" not in ALLOWED.sub("", html)
    assert not re.search(r'href="\s*(?:javascript|data|vbscript)', html, re.IGNORECASE)


@pytest.mark.parametrize("part", ["[", "*a ", "> ", "![", "`a", "|a", "<a ", "_a*", "- "])
def test_no_text_takes_for_ever(part: str) -> None:
    began = time.process_time()
    rendered(part * (100_000 // len(part)))
    assert time.process_time() - began < 10
