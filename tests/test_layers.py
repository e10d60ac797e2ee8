"""The structure of the code, read from the code: who imports whom, how big things get, who catches what."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = sorted((ROOT / "skillgit").rglob("*.py"))
SOURCES = PACKAGE + sorted((ROOT / "tests").rglob("*.py")) + sorted((ROOT / "benchmarks").rglob("*.py"))

LAYERS = (  # imports go down this list or stay in their row
    {"cli", "serve", "hook", "sdk", "__init__", "__main__"},
    {"learn", "search", "share", "chat", "changes", "doctor", "trial"},
    {"git", "models", "config", "files", "postgres", "spelled"},
    {"skills", "transcripts", "merge"},
    {"errors"},
)
INTERFACES = {"cli", "serve", "hook", "sdk"}  # these do not import each other
STARTS = {
    f"cli/{name}.py": {"serve"} for name in ("keys", "mcp", "serve", "web")
}  # but for the commands that start one, or let in to it

LIBRARIES = {  # who may import what; the only importer of a library is the one who translates its errors
    "betterleaks": ["learn/secrets.py"],
    "hnswlib": ["search/*"],
    "itsdangerous": ["serve/web/door.py"],
    "jinja2": ["serve/web/render.py"],
    "markdown_it": ["serve/web/markdown.py"],
    "markupsafe": ["serve/web/*"],
    "nh3": ["serve/web/markdown.py"],
    "httpx": ["models/*", "share/forge*"],
    "mcp": ["serve/mcp/*"],
    "mcp_types": ["serve/mcp/*"],
    "msgspec": ["serve/api/*", "serve/mcp/*"],
    "phonenumbers": ["learn/personal.py"],
    "jwt": ["serve/tokens.py"],
    "markitdown": ["learn/reading.py"],
    "psycopg": ["postgres.py"],
    "pygit2": ["git/*"],
    "rich": ["cli/*"],
    "ruamel": ["skills/*"],
    "starlette": ["serve/*"],
    "prompt_toolkit": ["cli/*"],
    "typer": ["cli/*"],
    "uvicorn": ["serve/*"],
}
IMPURE = {"os", "random", "secrets", "shutil", "socket", "subprocess", "sys", "tempfile", "time", "urllib", "uuid"}
BROAD = {
    "cli/app.py": 1,
    "hook.py": 1,
    "serve/app.py": 1,
    "serve/proxy.py": 1,
}  # where any exception may be caught, and how often

BLOCKS = ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith | ast.Try | ast.TryStar | ast.Match
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def within(path: Path) -> str:
    """The path below the package: `cli/app.py`."""
    return str(path.relative_to(ROOT / "skillgit"))


def part(name: str) -> str:
    """The part of the package a path or a dotted name belongs to: `cli`, `errors`."""
    return re.split(r"[./]", name)[0]


def layer(name: str) -> int:
    return next(rank for rank, parts in enumerate(LAYERS) if part(name) in parts)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every dotted name the module imports; `from a import b` imports `a.b`."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(path: Path) -> set[str]:
    """The parts of skillgit a module imports; the package's own name and version count for none."""
    own = (name.removeprefix("skillgit.") for name in imports(path) if name.startswith("skillgit."))
    return {part(name) for name in own if not name.startswith("__")}


@pytest.mark.parametrize("path", PACKAGE, ids=name_of)
def test_every_module_has_a_layer_and_imports_go_down(path: Path) -> None:
    rank = layer(within(path))
    assert {name for name in own_imports(path) if layer(name) < rank} == set()


@pytest.mark.parametrize("path", PACKAGE, ids=name_of)
def test_interfaces_do_not_import_each_other(path: Path) -> None:
    own = part(within(path))
    if own in INTERFACES:
        assert own_imports(path) & INTERFACES <= {own} | STARTS.get(within(path), set())


@pytest.mark.parametrize("path", PACKAGE, ids=name_of)
def test_a_library_is_imported_only_where_its_errors_are_translated(path: Path) -> None:
    mine = {part(name) for name in imports(path)} & LIBRARIES.keys()
    assert {name for name in mine if not any(fnmatch(within(path), where) for where in LIBRARIES[name])} == set()


def test_the_vector_library_has_one_importer() -> None:
    assert len([path for path in PACKAGE if "hnswlib" in map(part, imports(path))]) <= 1


@pytest.mark.parametrize("path", [path for path in PACKAGE if layer(within(path)) == 3], ids=name_of)
def test_the_core_has_no_world_and_no_clock(path: Path) -> None:
    assert {part(name) for name in imports(path)} & IMPURE == set()
    calls = {
        node.func.id
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert calls & {"open", "input", "print"} == set()


@pytest.mark.parametrize("path", PACKAGE, ids=name_of)
def test_any_exception_is_caught_only_where_errors_become_words(path: Path) -> None:
    broad = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.ExceptHandler) and _catches_all(node)]
    assert len(broad) <= BROAD.get(within(path), 0)


def _catches_all(handler: ast.ExceptHandler) -> bool:
    names = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else set()
    return handler.type is None or bool(names & {"Exception", "BaseException"})


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_is_left_for_later(path: Path) -> None:
    assert re.findall(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_function_has_at_most_50_lines(path: Path) -> None:
    assert [node.name for node in _functions(path) if (node.end_lineno or 0) - node.lineno >= 50] == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_blocks_nest_at_most_3_deep(path: Path) -> None:
    assert [node.name for node in _functions(path) if _depth(node) > 3] == []


@pytest.mark.parametrize("path", PACKAGE, ids=name_of)
def test_a_class_has_at_most_12_public_methods(path: Path) -> None:
    classes = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef)]
    assert [node.name for node in classes if len(_public_methods(node)) > 12] == []


def _functions(path: Path) -> list[FUNCTIONS]:
    return [node for node in ast.walk(parsed(path)) if isinstance(node, FUNCTIONS)]


def _public_methods(node: ast.ClassDef) -> list[str]:
    return [item.name for item in node.body if isinstance(item, FUNCTIONS) and not item.name.startswith("_")]


def _depth(node: ast.AST) -> int:
    """How deep blocks nest within a node; an `elif` is no deeper than its `if`, a nested function starts anew."""
    return max((_depth_of(child, node) for child in ast.iter_child_nodes(node)), default=0)


def _depth_of(child: ast.AST, parent: ast.AST) -> int:
    if isinstance(child, FUNCTIONS):
        return 0
    chained = isinstance(child, ast.If) and isinstance(parent, ast.If) and parent.orelse == [child]
    return _depth(child) + (isinstance(child, BLOCKS) and not chained)
