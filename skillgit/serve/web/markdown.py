"""Markdown as HTML that is safe to show, whoever has written it.

Raw HTML is shown as the text that it is, and so are characters that nothing shows. What comes out has passed a list of
allowed elements as well, so that it takes two mistakes to let something through. A picture is a link to it: pages show
nothing of other hosts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

from skillgit.serve.web.unseen import named

_BLOCKS: Final = {"blockquote", "div", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
_WORDS: Final = {"a", "br", "code", "del", "em", "s", "strong"}
_TABLES: Final = {"table", "tbody", "td", "th", "thead", "tr"}
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}, "div": {"class", "tabindex", "role"}}
_SCHEMES: Final = {"http", "https", "mailto"}


def rendered(text: str, *, link: Callable[[str], str] = str) -> Markup:
    """The HTML of a text, its headings one level lower, as the page has its own.

    `link` says where a link leads, "" where that is nowhere: then it is none.
    """
    tokens = _parser().parse(text)
    for token in tokens:
        _lowered(token)
        for child in token.children or ():
            _linked(child, link)
    html = _parser().renderer.render(tokens, _parser().options, {})
    clean = nh3.clean(html, tags=_BLOCKS | _WORDS | _TABLES, attributes=_ATTRIBUTES, url_schemes=_SCHEMES)
    return Markup(named(clean))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("link_open", _link_open)
    return parser


def _lowered(token: Token) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = f"h{min(6, int(token.tag[1:]) + 1)}"


def _linked(token: Token, link: Callable[[str], str]) -> None:
    name = {"link_open": "href", "image": "src"}.get(token.type)
    if name:
        token.attrs[name] = link(str(token.attrs.get(name, "")))


def _table_open(_: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """A wide table is moved sideways in its own frame, by keys as well."""
    return '<div class="wide" tabindex="0" role="group"><table>\n'


def _table_close(_: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _link_open(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return renderer.renderToken(tokens, at, options, env) if tokens[at].attrGet("href") else "<a>"


def _image(_: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """A link to the picture, by what it shows."""
    source = str(tokens[at].attrGet("src"))
    name = tokens[at].content or source
    return str(Markup('<a href="{}">{}</a>').format(source, name) if source else escape(name))
