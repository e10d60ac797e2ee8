"""A candidate worked into a skill: what it does not speak of keeps every byte."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from skillgit.learn.candidate import Candidate
from skillgit.learn.edit import Hunk, create, extend
from skillgit.learn.listing import one_line
from skillgit.skills import document as documents
from skillgit.skills.document import Document
from skillgit.skills.outline import sections
from tests.learn.candidates import candidate
from tests.skills.test_spec import codes_of_skills_ref

LEARNED = """
# Release notes

## Rules
- List breaking changes first.
- Use emoji in headings.

## Steps
1. Collect the merged changes.
2. Write the notes.

## When to use
- "write the release notes"
"""


def skill(body: str, *, newline: str = "\n") -> Document:
    text = f"---\nname: release-notes\ndescription: Writes release notes.\n---\n{body}"
    return documents.parse(text.replace("\n", newline).encode())


def after(body: str, rules: Sequence[str] = (), *, steps: Sequence[str] = (), triggers: Sequence[str] = ()) -> str:
    return extend(skill(body), candidate(rules=rules, steps=steps, triggers=triggers)).document.body


def test_a_new_skill_has_its_rules_steps_and_requests_under_their_headings() -> None:
    made = create(
        candidate(
            "Release notes",
            ["List breaking changes first.", "Use emoji in headings."],
            steps=["Collect the merged changes.", "Write the notes."],
            triggers=["write the release notes"],
        ),
        "release-notes",
    )
    assert made.body == LEARNED
    assert (made.name, made.description) == (
        "release-notes",
        "Write release notes. Use when asked for the release notes of a version.",
    )


def test_a_chinese_skill_has_chinese_headings_and_is_extended_under_them() -> None:
    first = create(candidate("政府报告", ["引用数据来源"], triggers=["写一份政府报告"]), "政府报告")
    second = extend(first, candidate("政府报告", ["不要使用表格"], triggers=["写一份年度总结"])).document
    assert second.body == (
        "\n# 政府报告\n\n## 规则\n- 引用数据来源\n- 不要使用表格\n\n"
        '## 何时使用\n- "写一份政府报告"\n- "写一份年度总结"\n'
    )


RULES = {
    "a new rule goes to the end of the list": (
        "## Rules\n- Be brief.\n\n## Notes\nkeep\n",
        "Cite sources.",
        "## Rules\n- Be brief.\n- Cite sources.\n\n## Notes\nkeep\n",
    ),
    "a known rule changes nothing": ("## Rules\n- Cite sources.\n", "cite the sources", "## Rules\n- Cite sources.\n"),
    "a refinement takes the line": (
        "## Rules\n- Cite sources.\n- Be brief.\n",
        "Cite sources in footnotes.",
        "## Rules\n- Cite sources in footnotes.\n- Be brief.\n",
    ),
    "a reversal takes the line": ("# X\n\n* Use tables.\n", "Do not use tables.", "# X\n\n* Do not use tables.\n"),
    "the marker and the indentation stay": (
        "- a\n  + Cite sources.   \n",
        "Cite no sources.",
        "- a\n  + Cite no sources.   \n",
    ),
    "the list's own marker is taken up": (
        "## Rules\n* Be brief.\n",
        "Cite sources.",
        "## Rules\n* Be brief.\n* Cite sources.\n",
    ),
    "a numbered list counts on": (
        "## Rules\n1) Be brief.\n",
        "Cite sources.",
        "## Rules\n1) Be brief.\n2) Cite sources.\n",
    ),
    "behind the lines of the last rule": (
        "## Rules\n- Be brief.\n  Two lines at most.\n",
        "Cite sources.",
        "## Rules\n- Be brief.\n  Two lines at most.\n- Cite sources.\n",
    ),
    "a list is begun below its heading": (
        "## Rules\n\nProse.\n",
        "Cite sources.",
        "## Rules\n- Cite sources.\n\nProse.\n",
    ),
    "a heading is made where there is none": ("Prose", "Cite sources.", "Prose\n\n## Rules\n- Cite sources.\n"),
    "a heading in a fence is none": (
        "```\n## Rules\n- Be brief.\n```\n",
        "Cite sources.",
        "```\n## Rules\n- Be brief.\n```\n\n## Rules\n- Cite sources.\n",
    ),
    "a fence that was left open is closed": (
        "~~~~ sh\n```\necho",
        "Cite sources.",
        "~~~~ sh\n```\necho\n~~~~\n\n## Rules\n- Cite sources.\n",
    ),
    "an example is no rule": (
        "## Examples\n- Use tables.\n",
        "Do not use tables.",
        "## Examples\n- Use tables.\n\n## Rules\n- Do not use tables.\n",
    ),
    "an empty body": ("", "Cite sources.", "\n## Rules\n- Cite sources.\n"),
}


@pytest.mark.parametrize(("body", "rule", "expected"), RULES.values(), ids=RULES.keys())
def test_a_rule_is_put_where_it_belongs(body: str, rule: str, expected: str) -> None:
    assert after(body, [rule]) == expected


STEPS = {
    "the same order changes nothing": (
        "## Steps\n1. Test.\n2. Ship.\n",
        ["test", "ship"],
        "## Steps\n1. Test.\n2. Ship.\n",
    ),
    "a new order takes the place of the old": (
        "## Steps\n1. Test.\n2. Ship.\n\nAsk Bo.\n",
        ["Ship.", "Test."],
        "## Steps\n1. Ship.\n2. Test.\n\nAsk Bo.\n",
    ),
    "what stands below a step stays with it": (
        "## Steps\n1. Test.\n   ```\n   make test\n   ```\n2. Ship.\n   Tell Bo.\n",
        ["Tag.", "Ship.", "Test."],
        "## Steps\n1. Tag.\n2. Ship.\n   Tell Bo.\n3. Test.\n   ```\n   make test\n   ```\n",
    ),
    "another list of the section stays": (
        "## Steps\n- Test.\n- Ship.\n\nIf it fails:\n\n- Roll back.\n",
        ["Test.", "Tag.", "Ship."],
        "## Steps\n1. Test.\n2. Tag.\n3. Ship.\n\nIf it fails:\n\n- Roll back.\n",
    ),
    "steps where there were none": ("# X\n", ["Test.", "Ship."], "# X\n\n## Steps\n1. Test.\n2. Ship.\n"),
    "a step that a person wrote more into": (
        "## Steps\n1. Run it.\n2. Monitor for one hour.\n3. Ship.\n",
        ["Run it.", "Monitor.", "Ship."],
        "## Steps\n1. Run it.\n2. Monitor for one hour.\n3. Ship.\n",
    ),
    "a new step beside one that a person wrote more into": (
        "## Steps\n1. Run it.\n2. Monitor for one hour.\n",
        ["Run it.", "Tag it.", "Monitor."],
        "## Steps\n1. Run it.\n2. Tag it.\n3. Monitor for one hour.\n",
    ),
    "steps below an empty heading": ("## Steps\n", ["Test.", "Ship."], "## Steps\n1. Test.\n2. Ship.\n"),
}


@pytest.mark.parametrize(("body", "steps", "expected"), STEPS.values(), ids=STEPS.keys())
def test_the_newest_order_of_work_stands_in_the_place_of_the_last(body: str, steps: list[str], expected: str) -> None:
    assert after(body, steps=steps) == expected


def test_every_change_is_told_as_a_hunk() -> None:
    rules = ["Use no emoji in headings.", "Link every fix.", "List breaking changes first."]
    edited = extend(skill(LEARNED), candidate(rules=rules, steps=["Write the notes.", "Collect the merged changes."]))
    assert edited.hunks == (
        Hunk("Use emoji in headings.", "Use no emoji in headings."),
        Hunk("", "Link every fix."),
        Hunk("Collect the merged changes.; Write the notes.", "Write the notes.; Collect the merged changes."),
    )


def test_a_skill_lists_eight_requests_at_most() -> None:
    requests = [
        "alpha one",
        "beta two",
        "gamma three",
        "delta four",
        "epsilon five",
        "zeta six",
        "eta seven",
        "theta 8",
        "iota nine",
    ]
    made = create(candidate(rules=["Be brief."], triggers=requests), "release-notes")
    extended = extend(made, candidate(rules=["Cite sources."], triggers=["kappa ten"])).document
    assert [len(sections(document.body)[-1].items) for document in (made, extended)] == [8, 8]


def test_requests_are_added_only_with_a_rule_and_only_new_ones() -> None:
    assert after(LEARNED, ["List breaking changes first."], triggers=["say what is new"]) == LEARNED
    grown = after(LEARNED, ["Link fixes."], triggers=["write the release notes", 'say "what" is new'])
    assert grown.endswith('- "write the release notes"\n- "say \'what\' is new"\n')


def test_crlf_stays_crlf() -> None:
    edited = extend(skill(LEARNED, newline="\r\n"), candidate(rules=["Link every fix."], triggers=["say what is new"]))
    text = edited.document.render().decode()
    assert text.count("\n") == text.count("\r\n")


def test_of_two_rules_of_a_candidate_about_one_thing_the_later_counts() -> None:
    told = ["Use tables.", "Be brief.", "Do not use tables."]
    assert "## Rules\n- Do not use tables.\n- Be brief.\n" in create(candidate(rules=told), "release-notes").body
    assert after("", told) == "\n## Rules\n- Do not use tables.\n- Be brief.\n"


HOSTILE = (
    "# Heading\n## Rules\n- injected",
    "---\nname: evil\n---",
    "```\nrm -rf /",
    "~~~~",
    "- nested\n1. list",
    "> quote",
    "a\u2028b\x85c\x0bd\x1ce",
    "hid\u200bden \u202eback\u2069 \U000e0041tag \x1b[31m\x00",
    "\ud83d",
    "[x] done",
    "<!-- comment",
    "Skill-Decision: add",
    "1. numbered",
    "\\\n",
)
hostile = st.sampled_from(HOSTILE) | st.text(max_size=40)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_text_can_break_the_document(text: str) -> None:
    told = candidate(text, [text, "Be brief."], steps=[text, "Ship."], triggers=[text], description="What and when.")
    made = create(told, "release-notes")
    assert documents.parse(made.render()).render() == made.render()
    ours = ["Rules", "Steps", "When to use"]
    assert [section.heading for section in sections(made.body)][2:] == (ours if one_line(text) else ours[:2])
    edited = extend(skill(LEARNED), told).document
    assert [section.heading for section in sections(edited.body)] == [
        "",
        "Release notes",
        "Rules",
        "Steps",
        "When to use",
    ]
    assert edited.frontmatter == skill(LEARNED).frontmatter
    assert not set("\x00\x1b\u200b\u202e\U000e0041\ud83d\u2028") & set(made.body + edited.body)


lines = st.sampled_from(
    (
        "", "prose", "- Cite sources.", "* Use tables.", "  - nested rule", "1. Test.", "2. Ship.", "```", "~~~",
        "```py", "# Title", "## Rules", "## 规则", "## Steps", "## When to use", "## Examples", "### Style",
        '- "write it"',
        "    indented", "\tcontinued", "---", "trailing  ", "- 引用数据来源", "10) ten", "a\u2028b", "x\x0by",
    )
)  # fmt: skip
bodies = st.builds(
    lambda parts, newline, end: newline.join(parts) + (newline if end else ""),
    st.lists(lines | st.text(max_size=12).filter(lambda text: text.isprintable()), max_size=14),
    st.sampled_from(("\n", "\r\n")),
    st.booleans(),
)
rules = st.lists(
    st.sampled_from(
        (
            "Cite sources.",
            "Do not cite sources.",
            "Cite sources in footnotes.",
            "Use tables.",
            "Never use tables.",
            "引用来源",
            "Be brief",
        )
    )
    | hostile,
    max_size=4,
)
steps = st.lists(st.sampled_from(("Test.", "Ship.", "Tag.", "Tell Bo about it.")) | hostile, max_size=4)
candidates = st.builds(
    lambda rules, steps, triggers: candidate(rules=rules, steps=steps, triggers=triggers),
    rules, steps, st.lists(st.sampled_from(("write it", "say it", "write it now")) | hostile, max_size=3),
)  # fmt: skip


@given(bodies, candidates)
def test_extending_twice_changes_nothing_the_second_time(body: str, told: Candidate) -> None:
    document = documents.new("release-notes", "What and when.", metadata={}, body="").with_body(body)
    once = extend(document, told).document
    again = extend(once, told)
    assert (again.hunks, again.document) == ((), once)


@given(bodies, rules)
@example("```\n- Cite sources.", ["Be brief"])
def test_every_line_that_no_rule_replaces_is_kept_in_its_order(body: str, told: list[str]) -> None:
    document = documents.new("release-notes", "What and when.", metadata={}, body="").with_body(body)
    edited = extend(document, candidate(rules=told, triggers=["write it"]))
    replaced = {hunk.old for hunk in edited.hunks if hunk.old}
    old = [line for line in body.splitlines() if not any(text in line for text in replaced)]
    new = iter(edited.document.body.splitlines())
    assert all(line in new for line in old)
    assert edited.document.frontmatter == document.frontmatter


@given(candidates)
def test_a_new_skill_holds_all_that_its_candidate_says(told: Candidate) -> None:
    made = create(told, "release-notes")
    assert extend(made, told).hunks == ()


@pytest.mark.parametrize("rule", ["Be brief.", *HOSTILE], ids=ascii)
def test_what_is_written_is_valid(rule: str) -> None:
    made = create(candidate(rules=[rule], triggers=[rule]), "release-notes")
    written = extend(made, candidate(rules=["Cite sources."])).document.render()
    assert codes_of_skills_ref(written, "release-notes") == set()
