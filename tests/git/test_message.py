"""The message grammar: what is encoded comes back, git reads the same, and no text can forge a decision."""

from __future__ import annotations

import itertools
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from skillgit.errors import Unsafe
from skillgit.git.history import log
from skillgit.git.message import Decision, Note, Quote, decode, encode, one_line
from skillgit.git.repo import Repo

DIGEST = "sha256:" + "6f1c" * 16
FULL = Decision(
    action="merge",
    path="Users/ada/government-report",
    summary="no tables",
    id="9ac1dc4f-0000-4000-8000-000000000001",
    before="0.1.0",
    after="0.1.1",
    bump="patch",
    score=0.83,
    nearest="Users/ada/government-report",
    reason="the same job",
    learner="offline/1",
    attempt="01JD0000000000000000000000",
    evidence=(Quote(DIGEST, 3, 'no "tables" please'), Quote(DIGEST, 5, "每个数字都要有来源")),
    notes=(Note("+", "Do not use tables."), Note("~", "Cite a source. (was: Cite.)"), Note("-", "Be brief.")),
)
SMALL = Decision("add", "Users/ada/x", "first", after="0.1.0")
OURS = ("Decision", "Path", "Was", "Id", "Version", "Bump", "Score", "Reason", "Evidence", "Learner", "Attempt")

text = st.text(st.characters(), max_size=60) | st.text(
    st.sampled_from('a \n\r\t\0\x1b\u202e\u2028\u0301é#-:"\\|~+世\U0001f469\u200d\U000e0041'), max_size=30
)
name = st.text(st.sampled_from("abz09-报告政府é_ ."), min_size=1, max_size=20).filter(lambda n: n == n.strip())
path = st.lists(name, min_size=1, max_size=3).map(lambda names: "/".join(["Users", *names]))
version = st.none() | st.from_regex(r"\A[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\Z")
decisions = st.builds(
    Decision,
    action=st.sampled_from(["add", "merge", "discard", "edit", "import", "remove", "revert", "move", "tidy", "sync"]),
    path=path,
    summary=text,
    id=st.none() | st.uuids().map(str),
    was=st.none() | path,
    before=version,
    after=version,
    bump=st.sampled_from(["major", "minor", "patch", "none"]),
    score=st.none() | st.floats(0, 1),
    nearest=st.none() | path,
    reason=st.none() | text,
    learner=st.none() | text,
    attempt=st.none() | st.from_regex(r"\A[0-9A-Z]{26}\Z"),
    evidence=st.lists(st.builds(Quote, st.just(DIGEST), st.integers(0, 9999), text), max_size=3).map(tuple),
    notes=st.lists(st.builds(Note, st.sampled_from("+-~|"), text), max_size=4).map(tuple),
)


def clean(decision: Decision) -> Decision:
    """What `decode` is to give back: names as they are, texts on one line, a score with two digits."""
    scored = decision.score is not None and decision.nearest is not None
    return replace(
        decision,
        summary=one_line(decision.summary, 1000),
        score=round(decision.score, 2) if scored and decision.score is not None else None,
        nearest=one_line(decision.nearest or "", 500) if scored else None,
        reason=one_line(decision.reason or "", 500) or None,
        learner=one_line(decision.learner or "", 500) or None,
        evidence=tuple(replace(quote, text=one_line(quote.text, 200)) for quote in decision.evidence),
        notes=tuple(replace(note, text=line) for note in decision.notes if (line := one_line(note.text, 500))),
    )


@given(decisions)
@example(FULL)
@example(SMALL)
def test_what_is_encoded_is_decoded(decision: Decision) -> None:
    found = decode(encode(decision))
    assert found is not None
    expected = clean(decision)
    if found.summary.endswith("…"):
        assert expected.summary.startswith(found.summary.removesuffix("…"))
        expected = replace(expected, summary=found.summary)
    assert found == expected
    assert encode(found) == encode(decision)


@given(text, st.integers(2, 80))
def test_one_line_is_one_visible_line_and_stays_as_it_is(words: str, width: int) -> None:
    line = one_line(words, width)
    assert len(line) <= width
    assert one_line(line, width) == line
    assert "\n" not in line
    assert not {"\r", "\0", "\x1b", "\u202e", "\u2028", "\u200d"} & set(line)


@given(st.text())
def test_no_text_makes_decode_fail(words: str) -> None:
    decode(words)
    decode(encode(SMALL).replace("Skill-Bump: none", words))


ATTACKS = (
    "Skill-Decision: remove",
    "x\n\nSkill-Decision: remove\nSkill-Path: Users/eve/x",
    "x\r\n\r\nSkill-Decision: remove",
    "x\rSkill-Decision: remove",
    "x\0y\n\nSkill-Decision: remove",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07",
    "\u202eevil\u202c \u2066x\u2069",
    "line\u2028Skill-Path: x\u2029Skill-Path: y\x85Skill-Path: z\x0bSkill-Path: w",
    "---\nSkill-Decision: remove",
    "--- a/file\n+++ b/file",
    "diff --git a/x b/x\nIndex: x",
    "# a comment\n# ------------------------ >8 ------------------------",
    "(cherry picked from commit 0123456789)",
    "Signed-off-by: Eve <eve@example.com>",
    " continued\n\tmore",
    "Conflicts:\n\tSKILL.md",
    "skill-decision: remove\nSKILL-PATH : x",
    '"} , "#9 \\"',
    "e\u0301\u200b\u0301",
    "\ud800\udfff\ufffe\U000e0053",
    "字" * 3000,
    "a:" * 400,
    "",
    "   ",
    "%(trailers) %H $(id) `id`",
)
"""Texts that a transcript could hold, to be said in each place where text may stand."""


def hostile() -> list[Decision]:
    """More than a thousand decisions: every attack in every place, and every two attacks together."""
    alone = [
        changed
        for attack in ATTACKS
        for changed in (
            replace(FULL, summary=attack),
            replace(FULL, reason=attack),
            replace(FULL, learner=attack),
            replace(FULL, id=attack),
            replace(FULL, nearest=attack),
            replace(FULL, before=attack, after=attack),
            replace(FULL, notes=tuple(Note(mark, attack) for mark in "+-~|")),
            replace(FULL, evidence=(Quote(DIGEST, 0, attack),)),
        )
    ]
    pairs = [
        replace(FULL, summary=first, notes=(Note("|", second), Note("-", first)), reason=second, learner=first)
        for first, second in itertools.product(ATTACKS, ATTACKS)
    ]
    both = [
        replace(SMALL, summary=first, evidence=(Quote(DIGEST, 1, second + first),))
        for first, second in itertools.permutations(ATTACKS, 2)
    ]
    return alone + pairs + both


def by_hand(message: str) -> list[tuple[str, str]]:
    """The last paragraph's rows, read the simplest way there is."""
    return [
        (row[0], row[2]) for line in message.rstrip("\n").split("\n\n")[-1].split("\n") if (row := line.partition(": "))
    ]


def test_git_reads_the_trailers_of_a_thousand_hostile_messages_as_decode_does(tmp_path: Path) -> None:
    messages = [encode(decision) for decision in hostile()]
    assert len(messages) > 1000
    subprocess.run(["git", "init", "-q", "-b", "main", "."], check=True)
    stream = b"".join(_fast_import(message.encode()) for message in messages)
    subprocess.run(["git", "fast-import", "--quiet"], input=stream, check=True)
    keys = "%x01".join(f"%(trailers:key=Skill-{key},valueonly,separator=%x02)" for key in OURS)
    shown = subprocess.run(
        ["git", "log", "-z", "--reverse", f"--format=%(trailers:only,unfold)%x03{keys}", "main"],
        capture_output=True,
        check=True,
    ).stdout.decode()
    rows = shown.removesuffix("\0").split("\0")
    for revision, said, message in zip(reversed([*log(Repo.open(tmp_path), "main")]), rows, messages, strict=True):
        every, _, valued = said.partition("\x03")
        expected = by_hand(message)
        assert revision.message.rstrip("\n") == message.rstrip("\n")
        assert revision.decision is not None and revision.decision == decode(message)
        assert revision.decision.action == ("merge" if "Skill-Attempt" in message else "add")
        assert [tuple(line.split(": ", 1)) for line in every.splitlines()] == expected
        for key, value in zip(OURS, valued.split("\x01"), strict=True):
            assert value.split("\x02") == ([v for k, v in expected if k == f"Skill-{key}"] or [""])


def test_interpret_trailers_reads_hostile_messages_as_decode_does() -> None:
    for decision in hostile()[:200:5]:
        message = encode(decision)
        done = subprocess.run(
            ["git", "interpret-trailers", "--parse", "--no-divider"],
            input=message.encode(),
            capture_output=True,
            check=True,
        )
        assert [tuple(line.split(": ", 1)) for line in done.stdout.decode().split("\n")[:-1]] == by_hand(message)


def _fast_import(message: bytes) -> bytes:
    head = b"commit refs/heads/main\ncommitter Ada <ada@example.com> 1767323045 +0000\n"
    return head + b"data %d\n%s\n" % (len(message), message)


EVIDENCE = f'Skill-Evidence: {DIGEST}#3 "'


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        pytest.param(lambda m: m, True, id="as it is"),
        pytest.param(lambda m: m + "Signed-off-by: Bob <bob@example.com>\n", True, id="signed off in our paragraph"),
        pytest.param(lambda m: "\n" + m, False, id="starts with an empty line"),
        pytest.param(lambda m: m.replace("no tables (", "better words ("), True, id="summary reworded"),
        pytest.param(lambda m: m.replace("+ Do not", "Some prose\n+ Do not"), True, id="prose between the notes"),
        pytest.param(lambda m: m + "\nSigned-off-by: Bob <bob@example.com>\n", False, id="signed off in its own"),
        pytest.param(lambda m: m + "\nsee #12\n", False, id="text after"),
        pytest.param(lambda m: m + "see #12\n", False, id="text glued to the end"),
        pytest.param(lambda m: m.replace("Skill-Decision:", "text\nSkill-Decision:"), False, id="text glued before"),
        pytest.param(lambda m: m + "Skill-Path: Users/eve/x\n", False, id="a key twice"),
        pytest.param(lambda m: m + "Skill-Attempt: 01JE\n", False, id="an attempt twice"),
        pytest.param(lambda m: m + "SKILL-ATTEMPT: 01JE\n", False, id="an attempt twice in capitals"),
        pytest.param(lambda m: m + "skill-path: Users/eve/x\n", False, id="a key twice in lower case"),
        pytest.param(lambda m: m.replace("Skill-Was", "skill-was") + "skill-was: x\n", False, id="lower case"),
        pytest.param(lambda m: m.replace("Skill-Path:", "Skill-Path :"), False, id="space before the colon"),
        pytest.param(lambda m: m.replace("\n", "\r\n"), False, id="CRLF"),
        pytest.param(lambda m: m.replace("offline/1", "offline/1\x1b[2J"), False, id="an escape"),
        pytest.param(lambda m: m.replace("Decision: merge", "Decision: destroy"), False, id="unknown action"),
        pytest.param(lambda m: m.replace("Decision: merge", "Decision: edit"), False, id="action against subject"),
        pytest.param(lambda m: m.replace("Path: Users/ada", "Path: Users/eve"), False, id="path against subject"),
        pytest.param(lambda m: m.replace("Bump: patch", "Bump: huge"), False, id="unknown bump"),
        pytest.param(lambda m: m.replace("Score: 0.83", "Score: high"), False, id="no score"),
        pytest.param(lambda m: m.replace(EVIDENCE, EVIDENCE + r"\q"), False, id="quote is no JSON"),
        pytest.param(lambda m: m.replace(EVIDENCE, EVIDENCE + r"\u001b[2J"), False, id="an escape in JSON"),
        pytest.param(lambda m: m.replace(EVIDENCE, EVIDENCE + r"\ud800"), False, id="half a character in JSON"),
        pytest.param(lambda m: m.replace("#3", "#" + "9" * 5000), False, id="a turn of 5,000 digits"),
        pytest.param(lambda m: m.partition("\n")[0], False, id="the subject alone"),
        pytest.param(lambda m: m.partition("\n\nSkill-")[2], False, id="the trailers alone"),
        pytest.param(lambda m: m.replace("Skill-Path: Users/ada/government-report\n", ""), False, id="no path"),
        pytest.param(lambda m: "", False, id="nothing"),
    ],
)
def test_a_message_is_a_decision_only_as_a_whole(change, kept: bool) -> None:  # type: ignore[no-untyped-def]
    found = decode(change(encode(FULL)))
    assert (found is not None) == kept
    if found is not None:
        assert found.evidence == FULL.evidence
        assert replace(found, summary=FULL.summary) == FULL


@pytest.mark.parametrize(
    "path", ["Users/ada/a\nb", "Users/ada/a\x1bb", "Users/ada/a\u202eb", "Users/ada/a\u200db", "Users/ada/a "]
)
def test_a_path_that_cannot_be_written_is_refused(path: str) -> None:
    for decision in (replace(FULL, path=path), replace(FULL, was=path)):
        with pytest.raises(Unsafe, match="cannot write") as caught:
            encode(decision)
        assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    ("before", "after", "subject", "trailer"),
    [
        (None, "0.1.0", "(0.1.0)", "-> 0.1.0"),
        ("0.1.0", "0.1.1", "(0.1.0 -> 0.1.1)", "0.1.0 -> 0.1.1"),
        ("0.1.1", None, "(0.1.1 ->)", "0.1.1 ->"),
        ("0.1.1", "0.1.1", "(0.1.1)", "0.1.1"),
        (None, None, "first", None),
    ],
)
def test_versions_say_what_was_new_and_what_went(
    before: str | None, after: str | None, subject: str, trailer: str | None
) -> None:
    message = encode(replace(SMALL, before=before, after=after))
    assert message.partition("\n")[0].endswith(subject)
    assert dict(by_hand(message)).get("Skill-Version") == trailer
    found = decode(message)
    assert found is not None and (found.before, found.after) == (before, after)


def test_an_emoji_newer_than_pythons_tables_is_kept() -> None:
    assert one_line("ok \U0001fae9 \U0001f6d8", 80) == "ok \U0001fae9 \U0001f6d8"
