"""Taking back what was learned: from the skills, from the turns that are kept as evidence, from what is private here.

The skills lose it by a decision each, whose message does not say what it was. The history keeps what it held: commits
that others may have built on are not rewritten here (`erase.py` does that, where it is asked to).

Chats that hold it are deleted, and so are the jobs of a server that still keep it. Of the private files, `sessions.db`,
`jobs.db`, the spool and `landed` hold names of files and digests, no words, and stay: a conversation that was read is
not read again.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from skillgit import postgres
from skillgit.changes import why
from skillgit.changes.record import Change, describe
from skillgit.changes.skill import FILE, load, readable
from skillgit.chat.chats import chats, place, transcript
from skillgit.errors import NotFound, UsageError
from skillgit.git import PROPOSALS, evidence, history, ledger
from skillgit.git.evidence import Turn
from skillgit.git.history import Revision
from skillgit.git.message import Decision, Quote, encode
from skillgit.git.objects import write_blob
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import git
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.learn import jobs, reading, undecided
from skillgit.learn.learner import Heard
from skillgit.learn.undecided import Undecided
from skillgit.search import usage
from skillgit.skills import document as documents
from skillgit.skills.rules import rules
from skillgit.transcripts.model import Transcript

GAP = "(forgotten)"
"""What stands where a text was."""
_VERSION = ("metadata", "version")
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{7,64})")
_DERIVED = ("index", "merges")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be forgotten: the changes of skills at a commit, what becomes of turns, which conversations go.

    `tells` says whether a commit that waits for review is about it, `commits` are those of the history that hold it,
    and `path` is the skill that it is, if it is one.
    """

    changes: Callable[[str], Iterable[Change]]
    turn: Callable[[Turn], str | None]
    conversation: Callable[[Undecided], bool]
    tells: Callable[[Revision], bool]
    commits: tuple[str, ...]
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done: the decisions, how many of all else that held it, and where it landed."""

    decisions: tuple[Decision, ...]
    turns: int
    conversations: int
    proposals: int
    chats: int = 0
    jobs: int = 0
    landed: Landed | None = None


def of_skill(repo: Repo, path: str) -> Order:
    """The skill at a path, and the turns that its decisions quote."""
    tip = repo.resolve("HEAD")
    told = tuple(history.log_of(repo, tip, path))
    quoted = {(quote.digest, quote.turn) for each in told for quote in _quotes(each)}
    digests = {digest for digest, _ in quoted}
    return Order(
        lambda at: _gone(repo, at, path),
        lambda turn: None if (turn.digest, turn.number) in quoted else turn.text,
        lambda each: each.heard.digest in digests,
        lambda each: bool(each.decision and path in (each.decision.path, each.decision.was)) or _cites(each, digests),
        tuple(each.oid for each in told),
        path,
    )


def conversations(repo: Repo, words: str) -> frozenset[str]:
    """The digests of what is meant: a digest, its first digits, or a file of conversations, as they are or once were.

    NotFound where nothing here was learned from it, UsageError where the digits are those of several.
    """
    known = _heard_of(repo)
    if digits := _DIGEST.fullmatch(words):
        found = {digest for digest in known if digest.startswith(f"sha256:{digits[1]}")}
        if len(found) > 1:
            raise UsageError(f"'{words}' begins {len(found)} digests", hint="give more digits")
    else:
        read = reading.items(Path(words)) if Path(words).exists() else ()
        told = (each for each in read if isinstance(each, Transcript))
        found = {digest for each in told for digest in each.beginnings() if digest in known}
    if not found:
        hint = "'skillgit why SKILL --json' says the conversations: sha256: and 64 digits; or give the file"
        raise NotFound(f"nothing was learned from a conversation '{words}'", hint=hint)
    return frozenset(found)


def _heard_of(repo: Repo) -> set[str]:
    """The digests of all conversations that left something here."""
    told = history.log(repo, repo.resolve("HEAD"))
    cited = {quote.digest for each in told for quote in _quotes(each)}
    kept = {turn.digest for turn in evidence.kept(repo)}
    return cited | kept | {each.heard.digest for each in undecided.kept(repo)}


def of_source(repo: Repo, digests: Collection[str]) -> Order:
    """The rules that rest on conversations, and all turns of them; a skill that rests on nothing else goes."""
    tip = repo.resolve("HEAD")
    told = [each for each in history.log(repo, tip) if _cites(each, digests)]
    ids = {each.decision.id for each in told if each.decision}
    return Order(
        lambda at: (change for path in _with_ids(repo, at, ids) for change in _without(repo, at, path, digests)),
        lambda turn: None if turn.digest in digests else turn.text,
        lambda each: each.heard.digest in digests,
        lambda each: _cites(each, digests),
        tuple(each.oid for each in told),
    )


def of_text(repo: Repo, text: str) -> Order:
    """A text, wherever it stands in a skill's files or in a turn."""
    words = ["log", f"--exclude={evidence.REF}", "--all", "--format=%H"]
    outs = (git([*words, *how], cwd=repo.directory) for how in (["-S", text], ["--fixed-strings", f"--grep={text}"]))
    found = tuple(dict.fromkeys(oid for out in outs for oid in out.decode().split()))
    return Order(
        lambda at: (change for path in repo.skills(at) for change in _gapped(repo, at, path, text)),
        lambda turn: turn.text.replace(text, GAP),
        lambda each: any(text in turn.text for turn in each.heard.transcript.turns),
        lambda each: each.oid in found,
        found,
    )


def other_cases(repo: Repo, text: str) -> tuple[str, ...]:
    """The forms in which a text stands in the skills of HEAD but for its case: "Canary" beside "canary"."""
    tip = repo.tip("HEAD")
    looks = re.compile(re.escape(text), re.IGNORECASE)
    files = (entry.oid for path in repo.skills(tip) for entry in repo.files(tip, path).values())
    found = (match for oid in files for match in looks.findall(repo.read(oid).decode("utf-8", "replace")))
    return tuple(sorted(set(found) - {text}))


def forget(repo: Repo, order: Order) -> Forgotten:
    """Skills, evidence and private files hold no more what the order names. Raises DatabaseError before anything is."""
    waiting = _jobs(repo, order)
    with _shared_vectors(repo) as drop:
        done = _forget(repo, order, waiting)
        drop(repo.skills(repo.tip("HEAD")).values())
    return done


def _forget(repo: Repo, order: Order, waiting: Collection[str]) -> Forgotten:
    decisions: list[Decision] = []

    def body(tx: Transaction) -> None:
        decisions[:] = [_record(tx, change) for change in tuple(order.changes(tx.tip or ""))]

    landed = write(repo, body)
    turns = evidence.forget(repo, order.turn)
    dropped = [each for each in undecided.kept(repo) if order.conversation(each)]
    for each in dropped:
        undecided.drop(repo, each.heard.attempt)
    undecided.clear(repo)
    parked = _parked(repo, order)
    for ref, oid in parked:
        git(["update-ref", "-d", ref, oid], cwd=repo.directory)
    talks = _chats(repo, order)
    if talks:
        with chats(repo) as kept:
            for name in talks:
                kept.delete(name)
    for queue in jobs.stores(repo):
        for name in waiting:
            queue.drop(name)
    usage.drop(repo, {decision.path for decision in decisions if decision.action == "remove"} | {order.path or ""})
    ledger.drop(repo)
    for name in _DERIVED:
        shutil.rmtree(repo.private / name, ignore_errors=True)
    return Forgotten(tuple(decisions), turns, len(dropped), len(parked), len(talks), len(waiting), landed)


def rehearse(repo: Repo, order: Order) -> Forgotten:
    """What `forget` would do now; nothing is written."""
    tx = Transaction(repo, repo.branch_ref(), repo.resolve("HEAD"))
    decisions = tuple(replace(describe(tx, change)[0], notes=()) for change in order.changes(repo.resolve("HEAD")))
    turns = sum(order.turn(turn) != turn.text for turn in evidence.kept(repo))
    conversations = sum(order.conversation(each) for each in undecided.kept(repo))
    return Forgotten(
        decisions, turns, conversations, len(_parked(repo, order)), len(_chats(repo, order)), len(_jobs(repo, order))
    )


def _chats(repo: Repo, order: Order) -> tuple[str, ...]:
    """The ids of the chats that hold it, as they are or once were."""
    if not place(repo).exists():
        return ()
    with chats(repo) as kept:
        told = [(each.user, transcript(each.id, kept.turns(each.id))) for each in kept.list()]
    return tuple(str(said.id) for user, said in told if _is_about(order, user, said))


@contextmanager
def _shared_vectors(repo: Repo) -> Iterator[Callable[[Collection[str]], None]]:
    """What drops the vectors of all blobs but some from a database; it does nothing where that has none."""
    shared = postgres.place(repo, "search.vectors")
    if shared is None:
        yield lambda kept: None
        return
    from skillgit.search import near_postgres  # imports numpy

    with near_postgres.dropping(shared) as drop:
        yield drop


def _jobs(repo: Repo, order: Order) -> tuple[str, ...]:
    """The ids of a server's jobs whose conversation, which is still kept, holds it."""
    kept = (held for queue in jobs.stores(repo) for held in queue.held())
    return tuple(job.id for job, said in kept if _is_about(order, job.user, jobs.transcript(said.content)))


def _is_about(order: Order, user: str, said: Transcript) -> bool:
    """Whether a conversation holds it, as it is or once was."""
    heard = (Heard(said, digest, "") for digest in said.beginnings())
    return any(order.conversation(Undecided(each, user, None, "", 0, 0.0)) for each in heard)


def _parked(repo: Repo, order: Order) -> list[tuple[str, str]]:
    """The proposals that are about it, each a ref and its commit."""
    refs = git(["for-each-ref", "--format=%(refname) %(objectname)", PROPOSALS], cwd=repo.directory).decode()
    rows = [(ref, oid) for ref, _, oid in (line.partition(" ") for line in refs.splitlines())]
    tip = repo.resolve("HEAD")
    return [row for row in rows if any(map(order.tells, history.log_since(repo, row[1], base=tip)))]


def _cites(revision: Revision, digests: Collection[str]) -> bool:
    return any(quote.digest in digests for quote in _quotes(revision))


def _quotes(revision: Revision) -> Iterator[Quote]:
    yield from revision.decision.evidence if revision.decision else ()


def _record(tx: Transaction, change: Change) -> Decision:
    decision, document = describe(tx, change)
    edits: dict[str, Entry | None] = {f"{change.path}/{name}": entry for name, entry in change.files.items()}
    if document is None:
        edits = {change.path: None}
    elif document is not change.before:
        edits[f"{change.path}/{FILE}"] = tx.file(document.render())
    told = replace(decision, notes=())
    tx.commit(encode(told), edits)
    return told


def _gone(repo: Repo, tip: str, path: str) -> Iterator[Change]:
    if path in repo.skills(tip):
        yield Change("remove", path, readable(repo, tip, path), None, "forgotten")


def _with_ids(repo: Repo, tip: str, ids: Collection[str | None]) -> Iterator[str]:
    """The skills of a commit that have one of these ids."""
    for path in repo.skills(tip):
        known = readable(repo, tip, path)
        if known and known.id in ids:
            yield path


def _without(repo: Repo, tip: str, path: str, digests: Collection[str]) -> Iterator[Change]:
    """The change that takes away the rules which rest on these conversations and no other, where there are some."""
    lines = why.lines(repo, tip, path)
    resting = [each for each in why.of_rules(lines) if all(quote.digest in digests for quote in each.quotes)]
    if not resting:
        return
    before = load(repo, tip, path).document
    gone = {each.line.number for each in resting}
    kept = before.render().splitlines(keepends=True)
    after = documents.parse(b"".join(line for number, line in enumerate(kept, start=1) if number not in gone))
    if rules(after.body):
        yield Change("edit", path, before, after, "forgotten")
    else:
        yield Change("remove", path, before, None, "forgotten")


def _gapped(repo: Repo, tip: str, path: str, text: str) -> Iterator[Change]:
    """The change that leaves a gap wherever a text stands in a skill's files, where it stands in some."""
    old, new = text.encode(), GAP.encode()
    entries = repo.files(tip, path)
    held = {name: content for name, entry in entries.items() if old in (content := repo.read(entry.oid))}
    if not held:
        return
    before = load(repo, tip, path).document
    after = (
        documents.parse(held[FILE].replace(old, new)) if FILE in held else before.with_field(_VERSION, before.version)
    )
    files = {
        name: Entry(write_blob(repo, content.replace(old, new)), entries[name].mode)
        for name, content in held.items()
        if name != FILE
    }
    yield Change("edit", path, before, after, "forgotten", files=files)
