"""The offline learner: what teaches, what does not, and what becomes of the words."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.learner import (
    conversation,
    false_positives,
    judge_conversations,
    macro_over_classes,
    macro_over_sources,
    score_turns,
)
from skillgit.learn.candidate import Abstention, Candidate, unsupported
from skillgit.learn.extract_offline import extract, judge_turns
from skillgit.skills.naming import segment
from skillgit.transcripts.model import Role, ToolCall, Transcript, Turn
from tests.conftest import DATA, ROOT
from tests.learn.offline_abstains import ABSTAINS
from tests.learn.offline_cases import DONE, OK, TEACHES, Case
from tests.learn.offline_families import FAMILIES
from tests.learn.offline_lookalikes import LOOKALIKES
from tests.learn.offline_texts import WORDINGS, Text

EXTRACTION = DATA / "extraction"
needs_data = pytest.mark.skipif(not EXTRACTION.is_dir(), reason=f"no labelled conversations at {EXTRACTION}")
STRUCTURE = re.compile(r"^\s*(?:#{1,6}\s|[-*+>]\s|\d+[.)]\s|---|```)")


def talk(*texts: str) -> Transcript:
    """The user and an assistant taking turns, the user first."""
    roles: tuple[Role, Role] = ("user", "assistant")
    return Transcript("openai", tuple(Turn(roles[i % 2], text) for i, text in enumerate(texts)))


def test_each_turn_is_passed_on_as_it_is_read() -> None:
    said, seen = talk("Write a page.", "Done.", "No tables, please."), list[Turn]()

    def watch(turns: Sequence[Turn]) -> Iterator[Turn]:
        for turn in turns:
            seen.append(turn)
            yield turn

    assert extract(said, watch=watch) == extract(said)
    assert tuple(seen) == said.turns


def learned(*texts: str) -> Candidate:
    """The candidate of a talk that has to teach."""
    found = extract(talk(*texts))
    assert isinstance(found, Candidate), found
    return found


def rules(*texts: str) -> tuple[str, ...]:
    """The texts of the rules of a talk that has to teach."""
    return tuple(rule.text for rule in learned(*texts).rules)


@pytest.mark.parametrize("case", TEACHES + FAMILIES, ids=lambda case: case.id)
def test_a_durable_instruction_teaches_its_rule(case: Case) -> None:
    candidate = learned(*case.turns)
    texts = [rule.text.casefold() for rule in candidate.rules + candidate.steps]
    assert all(any(wanted.casefold() in text for text in texts) for wanted in case.rules), texts
    assert unsupported(candidate, talk(*case.turns)) == ()


@pytest.mark.parametrize("case", WORDINGS, ids=lambda case: case.id)
def test_the_words_become_whole_rules_and_steps_under_the_name_of_the_job(case: Text) -> None:
    candidate = learned(*case.turns)
    assert candidate.title == case.title
    assert tuple(rule.text for rule in candidate.rules) == case.rules
    assert tuple(step.text for step in candidate.steps) == case.steps
    assert unsupported(candidate, talk(*case.turns)) == ()


@pytest.mark.parametrize("case", ABSTAINS + LOOKALIKES, ids=lambda case: case.id)
def test_anything_else_teaches_nothing_and_says_why(case: Case) -> None:
    found = extract(talk(*case.turns))
    assert isinstance(found, Abstention), found
    assert found.reason


def test_the_release_procedure_of_the_readme_is_learned_with_its_steps() -> None:
    candidate = learned("Before each release, run regression -> canary -> monitor -> full rollout.", OK)
    assert candidate.name == "release-procedure"
    assert [step.text for step in candidate.steps] == ["Run regression", "Canary", "Monitor", "Full rollout"]
    assert candidate.rules == ()
    assert "release procedure" in candidate.description


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("Every time: first run the tests, then tag, and finally push.", ["Run the tests", "Tag", "Push"]),
        ("每次发布前都要先跑回归测试，再灰度，最后全量。", ["跑回归测试", "灰度", "全量"]),
        ("以后发布流程：构建 → 测试 → 上线", ["构建", "测试", "上线"]),
        (
            "We deploy like this: first run the migrations, then deploy the API, then deploy the workers.",
            ["Run the migrations", "Deploy the API", "Deploy the workers"],
        ),
        ("以后写周报，先写风险，再写进展。", []),
        ("Always answer in French.", []),
    ],
    ids=["first-then-finally", "zh-first-then-last", "zh-arrows", "we-deploy", "zh-order-of-contents", "no-order"],
)
def test_steps_are_those_the_user_put_in_order(text: str, steps: list[str]) -> None:
    assert [step.text for step in learned(text, OK).steps] == steps


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ("Actually, tables are fine after all.", ("Tables are fine after all",)),
        ("Don't use tables.", ("Do not use tables",)),
        ("Keep reports under 300 words.", ("Do not use tables", "Keep reports under 300 words")),
    ],
    ids=["taken-back", "said-again", "another-matter"],
)
def test_a_later_word_wins_over_an_earlier_one(later: str, expected: tuple[str, ...]) -> None:
    assert rules("Write a report on sales", DONE, "Do not use tables.", DONE, later) == expected


def test_a_later_number_replaces_the_earlier_one() -> None:
    said = ("Write a report", DONE, "Keep reports under 300 words.", DONE, "Keep reports under 250 words.")
    assert rules(*said) == ("Keep reports under 250 words",)


def test_a_rule_said_more_fully_replaces_the_shorter_one() -> None:
    said = ("Write a report", DONE, "Keep paragraphs short.", DONE, "Keep paragraphs short and numbered.")
    assert rules(*said) == ("Keep paragraphs short and numbered",)


def test_a_pronoun_is_put_as_what_the_rule_before_it_ends_with() -> None:
    said = "From now on, list breaking changes first in release notes, and never use emoji in them."
    expected = ("List breaking changes first in release notes", "Never use emoji in release notes")
    assert rules("Write the release notes for 2.4.", OK, said) == expected


def test_a_chinese_prohibition_that_is_lifted_is_gone() -> None:
    assert "不要用表格" not in rules("写一份总结", DONE, "不要用表格", DONE, "还是用表格吧")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不要有幻觉，要用word格式、不用花里胡哨的表达", ("不要有幻觉", "要用word格式", "不用花里胡哨的表达")),
        ("1. 不要用表格\n2. 数据要注明来源", ("不要用表格", "数据要注明来源")),
        ("- no tables\n- cite every figure\n- keep it formal", ("No tables", "Cite every figure", "Keep it formal")),
        ("Please don't use emojis, thanks!", ("Don't use emojis",)),
        ("From now on, please use ISO 8601 dates.", ("Use ISO 8601 dates",)),
        ("转化率如果低于 5%，要用虚线标注", ("转化率如果低于 5%，要用虚线标注",)),
        ("No, use `uv sync` instead of `pip install -r requirements.txt`.",
         ("Use `uv sync` instead of `pip install -r requirements.txt`",)),
    ],
    ids=["zh-three", "zh-numbered", "bullets", "courtesy", "lasting-lead", "condition-kept", "code-kept"],
)  # fmt: skip
def test_rules_are_atomic_and_in_the_users_words(text: str, expected: tuple[str, ...]) -> None:
    assert rules("写一个报告" if not text.isascii() else "Write a report", DONE, text) == expected


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        ("帮我写一个关于大模型自进化的政府报告", "政府报告"),
        ("写一个大模型持续学习的政府报告", "政府报告"),
        ("撰写一篇关于量子计算的公众号", "公众号"),
        ("做一个10周产品经理求职计划。", "产品经理求职计划"),
        ("Write a government report about self-driving buses", "government-report"),
        ("Please draft a short government report on housing", "government-report"),
        ("Can you translate this abstract into German?", "translate-abstract"),
        ("Fix the bug in parser.py", "code-changes"),
        ("Escribe un informe sobre las ventas", "informe"),
    ],
)
def test_the_name_is_of_the_job_and_not_of_its_topic(request_: str, name: str) -> None:
    rule = "不要用表格" if not request_.isascii() else "Do not use tables."
    candidate = learned(request_, DONE, rule)
    assert candidate.name == segment(name)


def test_a_description_says_what_and_when_in_the_users_language() -> None:
    chinese = learned("帮我写一个关于住房的政府报告", DONE, "不要用表格")
    english = learned("Write a government report about housing", DONE, "No tables.")
    assert chinese.description == "用户对“政府报告”的要求和做法。在被要求“写政府报告”时使用。"
    assert english.description.endswith("Use when asked to write a government report.")
    assert chinese.triggers == ("帮我写一个关于住房的政府报告",)


def test_the_topic_with_most_rules_is_taken_and_the_others_are_counted() -> None:
    candidate = learned(
        "Write a report on sales", DONE, "No tables. Cite a source for every figure.", DONE,
        "Now write a poem about rain", DONE, "Do not use rhymes.",
    )  # fmt: skip
    assert (candidate.name, len(candidate.rules), candidate.left_out) == ("report", 2, 1)


def test_between_equal_topics_the_later_one_is_taken() -> None:
    candidate = learned("Write a report", DONE, "No tables.", DONE, "Write an email to Ann", DONE, "No emojis.")
    assert (candidate.name, candidate.left_out) == ("email", 1)


def test_a_hint_takes_what_the_cues_alone_would_not() -> None:
    transcript = talk("Write a poem about rain. It should rhyme and must not mention clouds.", DONE)
    assert isinstance(extract(transcript), Abstention)
    found = extract(transcript, hint="remember how I want poems")
    assert isinstance(found, Candidate)
    assert unsupported(found, transcript) == ()


def test_a_hint_makes_nothing_out_of_nothing() -> None:
    assert isinstance(extract(talk("Hello!", DONE), hint="learn"), Abstention)


def test_a_correction_of_an_agents_tool_teaches() -> None:
    call = ToolCall("1", "bash", '{"command": "npm i"}')
    turns = (
        Turn("user", "Install the dependencies"),
        Turn("assistant", "", calls=(call,)),
        Turn("tool", "", call_id="1", ok=False),
        Turn("user", "use pnpm", rejects="1"),
    )
    found = extract(Transcript("claude-code", turns))
    assert isinstance(found, Candidate)
    assert (found.name, found.rules[0].text) == ("code-changes", "Use pnpm")


def test_a_row_of_requirements_without_answers_is_a_brief() -> None:
    texts = ("Make a moving plan.", "Include the address changes.", "Stay within 5,000 euros.", "Split it by person.")
    found = extract(Transcript("openai", tuple(Turn("user", text) for text in texts)))
    assert isinstance(found, Candidate)
    assert found.name == "moving-plan"


@pytest.mark.parametrize(
    "requirement",
    ["Include a template for the weekly feedback.", "Add a checklist for managers."],
)
def test_a_requirement_that_names_a_document_is_no_new_request(requirement: str) -> None:
    texts = ("Design a 6-week onboarding plan", "New hires must meet every lead.", requirement, "No calls on Fridays.")
    found = extract(Transcript("openai", tuple(Turn("user", text) for text in texts)))
    assert isinstance(found, Candidate)
    assert [rule.text for rule in found.rules] == [text.rstrip(".") for text in texts[1:]]


def test_all_corrections_of_the_demo_are_learned() -> None:
    session = json.loads((ROOT / "templates/demo/session-1.json").read_text("utf-8"))
    found = extract(conversation(session["messages"]))
    assert isinstance(found, Candidate)
    assert [rule.text.split(",")[0] for rule in found.rules] == [
        "Never use tables in status reports",
        "Put the risks first",
        'Always give the actual number where we have one: "took a while" helps nobody',
    ]


HOSTILE = (
    "Do not use \u202etables\u202c or <script>alert(1)</script> emojis <!-- hidden",
    "# Do not use tables",
    "- Do not use tables\x00 or \x1b[31mcolours",
    "---\nname: evil\n---\nDo not use `tables",
    "Do not use tables\u2028# Heading",
)


@pytest.mark.parametrize("text", HOSTILE, ids=["bidi-html", "heading", "list-control", "frontmatter", "separator"])
def test_a_rule_is_one_line_without_structure(text: str) -> None:
    candidate = learned("Write a report", DONE, text)
    for line in (rule.text for rule in candidate.rules):
        assert_plain(line)


def assert_plain(line: str) -> None:
    """One printable line that opens no Markdown or HTML."""
    assert line.strip() == line != ""
    assert not STRUCTURE.match(line)
    assert not re.search(r"(?<!\\)<[!a-zA-Z/]", line.split("`")[0])
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Zl", "Zp"} for char in line)


PIECES = st.sampled_from(
    (
        *("Do not use tables", "always", "first ", ", then ", " -> ", "must", "from now on ", "Write a report", "`x`"),
        *("以后不要用表格", "写一个报告", "今後は", "。", "，", "?", "“", "\n", "\u202e", "\x00"),
        *("# ", "```\n", "<b>", "1. ", "- ", "---\n"),
    )
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["user", "assistant", "tool"]), TEXTS), max_size=6), st.booleans())
def test_whatever_is_said_a_candidate_is_quoted_plain_and_valid(said: list[tuple[Role, str]], hinted: bool) -> None:
    transcript = Transcript("openai", tuple(Turn(role, text) for role, text in said))
    found = extract(transcript, hint="learn" if hinted else None)
    assert found == extract(transcript, hint="learn" if hinted else None)
    if isinstance(found, Abstention):
        return
    assert unsupported(found, transcript) == ()
    assert segment(found.name) == found.name
    assert 0 < len(found.description) <= 1024
    assert not {"<", ">"} & set(found.description)
    assert all(len(trigger) <= 120 and "\n" not in trigger for trigger in found.triggers)
    assert found.rules or found.steps
    assert len({rule.text for rule in found.rules}) == len(found.rules)
    for line in (found.title, *(rule.text for rule in found.rules + found.steps)):
        assert_plain(line)


@given(st.lists(TEXTS, max_size=6))
@settings(max_examples=50, deadline=None)
def test_assistant_text_alone_never_teaches(texts: list[str]) -> None:
    turns = tuple(Turn("assistant", text) for text in texts)
    assert isinstance(extract(Transcript("openai", turns)), Abstention)


@pytest.mark.parametrize(
    "turn",
    ["<a>" * 60_000, "first " * 40_000, "，不要" * 40_000, "a -> " * 40_000, "```\n" * 50_000, "“" * 100_000],
    ids=["tags", "words", "clauses", "arrows", "fences", "quotes"],
)
def test_a_huge_turn_takes_no_time(turn: str) -> None:
    start = time.process_time()
    extract(talk("Write a report", DONE, turn))
    assert time.process_time() - start < 1.0


@needs_data
@pytest.mark.slow
def test_the_labelled_conversations_are_told_apart() -> None:
    judged = judge_conversations(EXTRACTION / "decision.dev.jsonl")
    scores: tuple[Callable[..., float], ...] = (macro_over_sources, macro_over_classes)
    assert all(score(judged) >= 0.85 for score in scores)
    assert false_positives(judged, "arena-hard-v0.1") <= 0.05
    assert false_positives(judged, "arena-hard-v2.0") <= 0.05
    assert false_positives(judged, "tau-bench") <= 0.10


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize("asks_count", [False, True], ids=["without-asks", "asks-as-neither"])
def test_the_durable_turns_of_real_sessions_are_found(asks_count: bool) -> None:
    sessions = json.loads((EXTRACTION / "sessions.dev.json").read_text("utf-8"))
    score = score_turns(sessions, asks_count=asks_count)["all"]
    assert score.precision >= 0.9
    assert score.recall >= 0.8


@needs_data
@pytest.mark.slow
def test_every_turn_of_a_real_session_gets_a_verdict_with_a_reason() -> None:
    for session in json.loads((EXTRACTION / "sessions.dev.json").read_text("utf-8")):
        verdicts = judge_turns(conversation(session["messages"]))
        assert len(verdicts) == len(session["turn_labels"])
        assert all(verdict.why for verdict in verdicts)
