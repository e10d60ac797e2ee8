"""A conversation as a file: what is in it, and that what it teaches can be learned from it again."""

from __future__ import annotations

import json

from skillgit.chat.chats import Given, Kept, Lesson, Said
from skillgit.chat.export import as_json, markdown
from skillgit.chat.options import Options
from skillgit.transcripts import detect
from skillgit.transcripts.model import Transcript
from tests.chat.place import ANSWER, FEEDBACK, REQUEST

GIVEN = Given("Users/ada/release-notes", "0.1.0", 0.87, injected=True)
FOUND = Given("Common/haiku", "0.2.0", 0.4, injected=False)
KEPT = Kept("0" * 32, "ada", "Write the release notes…", 1e9, 1e9 + 60, Options(), 4, 4, 4)
TURNS = (
    Said("user", REQUEST, 1e9),
    Said("assistant", ANSWER, 1e9, given=(GIVEN, FOUND)),
    Said("user", FEEDBACK, 1e9),
    Said("assistant", "好的，", 1e9, whole=False),
)
LESSONS = (
    Lesson(1e9, 2, "none", "nothing durable"),
    Lesson(1e9, 4, "add", "List breaking changes first", "ada/release-notes", "", "0.1.0", "abc"),
)


def test_markdown_tells_who_said_what_with_which_skills_and_what_was_learned() -> None:
    told = markdown(KEPT, TURNS, LESSONS)
    assert told.startswith("# Write the release notes…\n\n2001-09-09T01:46:40+00:00, ada\n\n## You\n\n")
    assert f"## Answer\n\nSkills: ada/release-notes 0.1.0 (0.87)\n\n{ANSWER}\n\n## You\n\n{FEEDBACK}" in told
    assert told.endswith("好的，\n\n*(broken off)*\n\n> add ada/release-notes 0.1.0: List breaking changes first\n")


def test_json_has_all_that_is_kept_and_is_a_transcript() -> None:
    told = json.loads(as_json(KEPT, TURNS, LESSONS))
    assert told["messages"][1]["skills"][0] == {
        "path": "Users/ada/release-notes",
        "version": "0.1.0",
        "score": 0.87,
        "injected": True,
    }
    assert told["lessons"][1]["version"] == "0.1.0" and told["options"]["learn"] == "auto"
    (read,) = detect.read(as_json(KEPT, TURNS, LESSONS).encode())
    assert isinstance(read, Transcript)
    assert [(turn.role, turn.text) for turn in read.turns] == [(said.role, said.text) for said in TURNS]
