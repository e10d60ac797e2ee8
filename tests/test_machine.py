"""A repository driven at random against a dictionary: every change is a commit, every version is new.

After each step the work tree is HEAD's, the versions of every skill have only risen, and an index that was
kept up to date answers as one made anew.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from skillgit.changes.edit import commit_worktree, edit
from skillgit.changes.move import move, remove
from skillgit.changes.record import Change, record
from skillgit.changes.revert import revert
from skillgit.changes.skill import load
from skillgit.errors import Refused
from skillgit.git import ledger
from skillgit.git.setup import init
from skillgit.git.transaction import Transaction, write
from skillgit.learn.edit import create, extend
from skillgit.search.index import Index
from skillgit.skills.version import is_above
from tests.changes.library import history
from tests.git.place import git, sound, status
from tests.learn.candidates import candidate

PATHS = [f"{folder}/{name}" for folder in ("Users/ada", "Users/bo", "Common") for name in ("notes", "report", "清单")]
RULES = ["Cite sources.", "Do not cite sources.", "Cite sources in footnotes.", "Be brief.", "引用来源", "Use tables."]
FILES = ["scripts/run.sh", "reference.md"]


@dataclass(frozen=True, slots=True)
class Known:
    """What the model says of a skill: its text, the files beside it, and its identity."""

    body: str
    id: str
    files: dict[str, str] = field(default_factory=dict)


class Library(RuleBasedStateMachine):
    """The model is a dictionary from path to what should be there."""

    @initialize()
    def start(self) -> None:
        self.top = Path(tempfile.mkdtemp(prefix="skillgit-machine-"))
        self.repo = init(self.top).repo
        self.index = Index.open(self.repo.private / "index")
        self.model: dict[str, Known] = {}
        self.had: dict[str, list[str]] = {}
        self.steps = 0

    def teardown(self) -> None:
        if hasattr(self, "top"):
            sound(self.top)
            shutil.rmtree(self.top)

    @property
    def head(self) -> str:
        return self.repo.resolve("HEAD")

    def learn(self, path: str, known: Known | None, rules: list[str]) -> None:
        told = candidate(rules=rules, name=path.rpartition("/")[2])

        def body(tx: Transaction) -> None:
            before = load(self.repo, tx.tip, path).document if known else None
            after = extend(before, told).document if before else create(told, told.name)
            record(tx, Change("merge" if before else "add", path, before, after, "learned"))

        write(self.repo, body)

    @rule(path=st.sampled_from(PATHS), rules=st.lists(st.sampled_from(RULES), min_size=1, max_size=3))
    def ingest(self, path: str, rules: list[str]) -> None:
        known = self.model.get(path)
        before = self.text(path)
        self.learn(path, known, rules)
        found = load(self.repo, self.head, path)
        assert known is None or found.id == known.id
        self.model[path] = Known(found.document.body, found.id, known.files if known else {})
        self.note(path, changed=self.text(path) != before)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), text=st.sampled_from(RULES))
    def edit(self, data: st.DataObject, text: str) -> None:
        path = self.one(data)
        content = load(self.repo, self.head, path).document
        body = f"{content.body}- {text}\n"
        edit(self.repo, path, content.with_body(body).render(), base=self.head)
        self.model[path] = replace(self.model[path], body=body)
        self.note(path)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), name=st.sampled_from(FILES), text=st.sampled_from(["", "a", "b"]))
    def write_beside(self, data: st.DataObject, name: str, text: str) -> None:
        path = self.one(data)
        known = self.model[path]
        file = self.top / path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text) if text else file.unlink(missing_ok=True)
        files = {other: content for other, content in known.files.items() if other != name}
        files |= {name: text} if text else {}
        if files == known.files:
            self.refused(lambda: commit_worktree(self.repo))
            return
        commit_worktree(self.repo)
        self.model[path] = replace(known, files=files)
        self.note(path)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), onto=st.sampled_from(PATHS))
    def rename(self, data: st.DataObject, onto: str) -> None:
        path = self.one(data)
        if onto in self.model:
            self.refused(lambda: move(self.repo, path, onto))
            return
        move(self.repo, path, onto)
        self.model[onto] = self.model.pop(path)
        self.note(onto)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        path = self.one(data)
        remove(self.repo, path)
        del self.model[path]

    @rule(path=st.sampled_from(PATHS))
    def undo(self, path: str) -> None:
        before = self.head
        try:
            revert(self.repo, path)
        except Refused:
            assert self.head == before
            return
        self.came_back(path)

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def go_back(self, data: st.DataObject) -> None:
        path = self.one(data)
        number = data.draw(st.sampled_from(history(self.repo, path)))
        before = self.head
        try:
            revert(self.repo, path, to=number)
        except Refused:
            assert self.head == before
            return
        self.came_back(path)

    def came_back(self, path: str) -> None:
        found = load(self.repo, self.head, path)
        known = self.model.get(path)
        assert known is None or found.id == known.id
        entries = self.repo.files(self.head, path)
        files = {name: self.repo.read(entries[name].oid).decode() for name in found.files}
        self.model[path] = Known(found.document.body, found.id, files)
        self.note(path)

    def one(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.model)))

    def text(self, path: str) -> str:
        return load(self.repo, self.head, path).text if path in self.model else ""

    def refused(self, act: object) -> None:
        before = self.head
        assert callable(act)
        try:
            act()
        except Refused:
            assert self.head == before
        else:
            raise AssertionError("that should have been refused")

    def note(self, path: str, *, changed: bool = True) -> None:
        """A change gives a path a version above all it ever had; no change gives it none."""
        version, had = load(self.repo, self.head, path).version, self.had.setdefault(path, [])
        if changed:
            assert all(is_above(version, old) for old in had), (path, version, had)
            had.append(version)
        assert version == had[-1]

    @invariant()
    def the_skills_are_the_models(self) -> None:
        known = self.repo.skills(self.head)
        assert set(known) == set(self.model)
        for path, expected in self.model.items():
            found = load(self.repo, self.head, path)
            assert (found.document.body, found.id, found.name) == (expected.body, expected.id, path.rpartition("/")[2])
            assert set(found.files) == set(expected.files)
        assert len({expected.id for expected in self.model.values()}) == len(self.model)

    @invariant()
    def the_work_tree_is_heads(self) -> None:
        assert status(self.top) == []

    @invariant()
    def no_version_repeats(self) -> None:
        for path in self.model:
            numbers = history(self.repo, path)
            assert len(numbers) == len(set(numbers))
            assert all(is_above(new, old) for new, old in pairwise(numbers)), numbers
            assert ledger.last_version(self.repo, self.head, path) == numbers[0]

    @invariant()
    def a_new_index_answers_as_the_kept_one(self) -> None:
        known = self.repo.skills(self.head)
        self.index.sync(known, self.repo.read)
        with tempfile.TemporaryDirectory() as directory:
            fresh = Index.open(Path(directory))
            fresh.sync(known, self.repo.read)
            for query in ("cite sources", "引用来源", "be brief"):
                assert self.index.search(query, min_score=0) == fresh.search(query, min_score=0)

    @invariant()
    def git_finds_no_fault(self) -> None:
        self.steps += 1
        if self.steps % 8 == 0:
            sound(self.top)
            assert git("stash", "list", cwd=self.top) == ""


TestLibrary = Library.TestCase
TestLibrary.settings = settings(
    max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
