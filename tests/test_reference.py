"""docs is whole: a page for each command that says what its help says, and no link that leads nowhere.

`make docs` writes the pages of the commands anew; look at the diff.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from skillgit.cli.app import COMMANDS
from skillgit.config import SETTINGS, Setting
from tests.conftest import ROOT
from tests.reference import DOCS, guides, pages, said

WRITE = os.environ.get("SKILLGIT_GOLDEN") == "write"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
GUIDES = sorted(DOCS.glob("*.md"))
FENCED = re.compile(r"^```.*?^```$", flags=re.MULTILINE | re.DOTALL)

CALL = re.compile(rf"skillgit (?:-C \S+ )?({'|'.join(row.name for row in COMMANDS)})\b((?: [^\s`|&;#'\")]+)*)")
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_pages_of_the_commands_say_what_their_help_says() -> None:
    made = pages()
    if WRITE:
        for path in set(DOCS.glob("commands/*.md")) - set(made):
            path.unlink()
        for path, text in made.items():
            path.write_text(text, encoding="utf-8")
    there = {path: path.read_text(encoding="utf-8") for path in [*DOCS.glob("commands/*.md"), DOCS / "commands.md"]}
    assert [name_of(path) for path in made if there.get(path) != made[path]] == [], "'make docs' writes them anew"
    assert [name_of(path) for path in there if path not in made] == [], "'make docs' removes them"


@pytest.mark.parametrize("name", [row.name for row in COMMANDS])
def test_some_guide_leads_to_the_page_of_each_command(name: str) -> None:
    assert guides(name) != [], f"a page of docs has to link to commands/{name}.md"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert [link for link in _links(page) if not _leads_somewhere(page, link)] == []


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_the_readme_leads_to_every_page(page: Path) -> None:
    assert name_of(page) in _links(ROOT / "README.md")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_has_one_title_and_no_heading_skips_a_level(page: Path) -> None:
    depths = [len(marks) for marks, _ in _headings(page)]
    assert depths[:1] == [1] and depths.count(1) == 1
    assert all(deeper - depth <= 1 for depth, deeper in pairwise(depths))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_names_options_that_there_are(page: Path) -> None:
    called = re.findall(CALL, page.read_text(encoding="utf-8"))
    assert [
        f"{name} {option}" for name, rest in called for option in OPTION.findall(rest) if option not in _of(name)
    ] == []


@pytest.mark.parametrize("page", [page for page in PAGES if "```python" in page.read_text("utf-8")], ids=name_of)
def test_the_programs_of_a_page_run(page: Path) -> None:
    for program in re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL):
        exec(compile(program, page, "exec"), {})


def test_the_chinese_readme_shows_the_same_and_leads_to_the_same() -> None:
    english, chinese = ROOT / "README.md", ROOT / "README.zh-CN.md"
    shown = FENCED.findall(english.read_text(encoding="utf-8"))
    if WRITE:
        anew = iter(shown)
        chinese.write_text(FENCED.sub(lambda _: next(anew), chinese.read_text(encoding="utf-8")), encoding="utf-8")
    assert FENCED.findall(chinese.read_text(encoding="utf-8")) == shown
    told, told_in_chinese = ({link for link in _links(page) if link.endswith(".md")} for page in (english, chinese))
    assert told_in_chinese ^ told == {english.name, chinese.name}


def test_the_formats_tell_of_every_trailer_ref_and_private_file() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "skillgit").rglob("*.py"))
    files = {name for name in re.findall(r'private / "([^"]+)"', code) if not name.endswith(".lock")}
    names = files | {*re.findall(r"refs/skillgit/[a-z]+", code), *re.findall(r"\bSkill-[A-Z][a-z]+", code)}
    formats = (DOCS / "formats.md").read_text(encoding="utf-8")
    assert {name for name in names if not re.search(rf"`{re.escape(name)}[`/:]", formats)} == set()


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_is_told_as_it_is(setting: Setting) -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| `{re.escape(setting.key)}` \| (.*) \|$", text, flags=re.MULTILINE)
    travels, variable, default, *_ = row.split(" | ")
    assert (travels == "yes", variable) == (setting.travels, f"`SKILLGIT_{_shouted(setting.key)}`")
    assert not setting.default or default == f"`{setting.default}`"


def _shouted(key: str) -> str:
    return re.sub(r"[.-]", "_", key).upper()


@cache
def _of(name: str) -> set[str]:
    """The options that a command has."""
    (row,) = (row for row in COMMANDS if row.name == name)
    return {"-h", "--help", *(word for term, _ in said(row).options for word in OPTION.findall(term))}


def _links(page: Path) -> list[str]:
    """What a page's links and pictures name, but for addresses of the web."""
    found = re.findall(r"""(?:\]\(|src="|srcset=")([^)"\s]+)[)"]""", _plain(page))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def _leads_somewhere(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    return target.exists() and (not anchor or anchor in _anchors(target))


@cache
def _anchors(page: Path) -> frozenset[str]:
    """The anchors that GitHub and GitLab give to a page's headings."""
    return frozenset(_anchor(heading) for _, heading in _headings(page))


def _anchor(heading: str) -> str:
    kept = (char for char in heading.lower() if char in " -_" or unicodedata.category(char)[0] in "LN")
    return "".join(kept).replace(" ", "-")


def _headings(page: Path) -> Iterator[tuple[str, str]]:
    return iter(re.findall(r"^(#+) (.+)$", _plain(page), flags=re.MULTILINE))


@cache
def _plain(page: Path) -> str:
    """A page's text without what stands in fences, and without indented code."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    return re.sub(r"^(?: {4}|\t).*$", "", text, flags=re.MULTILINE)
