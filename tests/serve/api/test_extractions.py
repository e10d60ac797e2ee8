"""Learning over HTTP: jobs, what becomes of them, and what would."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from skillgit.learn.jobs import jobs
from tests.serve.api.place import Closed, closed
from tests.serve.place import REPORT, TEACHES

LESSON: list[dict[str, object]] = [
    {"role": "user", "content": REPORT},
    {"role": "assistant", "content": "Here it is."},
    {"role": "user", "content": TEACHES},
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    with closed(tmp_path_factory.mktemp("extractions")) as made:
        yield made


def create(client: httpx.Client, *messages: dict[str, object], **more: object) -> dict[str, Any]:
    made = client.post("/extractions", json={"messages": list(messages), **more})
    assert made.status_code == 202
    said: dict[str, Any] = made.json()
    assert made.headers["location"].endswith(said["id"])
    return said


def events(client: httpx.Client, name: str, **query: object) -> list[tuple[str, dict[str, Any]]]:
    """All events of a job, until the stream ends."""
    told = client.get(f"/extractions/{name}/events", params={key: str(value) for key, value in query.items()})
    assert told.headers["content-type"].startswith("text/event-stream")
    blocks = [block for block in told.text.split("\n\n") if block.startswith("event:")]
    rows = [block.split("\n") for block in blocks]
    return [(name.removeprefix("event: "), json.loads(line.removeprefix("data: "))) for name, line in rows]


def test_a_conversation_is_learned_from_and_its_states_are_told_to_the_end(server: Closed) -> None:
    made = create(server.ada, *LESSON)
    assert made["trigger"] == "now"
    told = events(server.ada, made["id"])
    kinds, states = [kind for kind, _ in told], [said["state"] for _, said in told]
    assert (kinds[-1], states[-1]) == ("end", "done")
    assert set(kinds[:-1]) == {"state"}
    assert sorted(states, key=["waiting", "running", "done"].index) == states
    done = server.ada.get(f"/extractions/{made['id']}").json()
    assert done == told[-1][1]
    result = done["result"]
    assert result["decision"] == "merge"
    assert "table of figures" in server.ada.get("/skills/government-report").json()["text"]
    again = create(server.ada, *LESSON)
    assert events(server.ada, again["id"])[-1][1]["result"]["decision"] == "none"


def test_a_stream_ends_when_its_time_is_up(server: Closed) -> None:
    with jobs(server.place.repo) as queue:
        queue.add(wanted("ada"), name="waits-for-long", due=time.time() + 600)
    began = time.monotonic()
    told = events(server.ada, "waits-for-long", timeout=0.3)
    assert [(kind, said["state"]) for kind, said in told] == [("state", "waiting"), ("end", "waiting")]
    assert server.ada.head("/extractions/waits-for-long/events").status_code == 200
    assert time.monotonic() - began < 3


def test_a_simulation_tells_the_decision_and_records_nothing(server: Closed) -> None:
    head = server.repo.resolve("HEAD")
    rule = "From now on, always end a government report with a glossary."
    lesson = [*LESSON[:-1], {"role": "user", "content": rule}]
    told = server.bob.post("/simulations", json={"messages": lesson}).json()
    assert (told["decision"], told["skill"], told["learner"]) == ("merge", "bob/government-report", "offline/1")
    assert "glossary" in told["after"] and "glossary" not in told["before"]
    assert told["rules"][0]["quote"] in rule
    nothing = server.bob.post("/simulations", json={"messages": [{"role": "user", "content": "hi"}]}).json()
    assert (nothing["decision"], nothing["skill"]) == ("none", "")
    assert nothing["reason"]
    assert server.repo.resolve("HEAD") == head
    assert server.bob.get("/extractions").json()["data"] == []


def test_jobs_are_listed_part_by_part(server: Closed) -> None:
    for number in range(3):
        create(server.product, {"role": "user", "content": f"hello {number}"})
    whole = [each["id"] for each in server.product.get("/extractions").json()["data"]]
    first = server.product.get("/extractions", params={"limit": 2}).json()
    rest = server.product.get("/extractions", params={"limit": 2, "before": repr(first["next"])}).json()
    assert [each["id"] for each in first["data"] + rest["data"]] == whole
    assert rest["next"] == 0


@pytest.mark.parametrize(
    ("content", "media", "jobs", "left_out"),
    [
        (json.dumps(LESSON), "application/json", 1, 0),
        (
            json.dumps({"messages": LESSON}) + "\n{broken\n" + json.dumps({"messages": LESSON}),
            "application/x-ndjson",
            2,
            1,
        ),
        ("User: Always sign with 'Best, A'.\nAssistant: I will.\n", "application/octet-stream", 1, 0),
    ],
    ids=["messages", "lines", "text"],
)
def test_a_file_of_conversations_becomes_jobs(
    server: Closed, content: str, media: str, jobs: int, left_out: int
) -> None:
    sent = server.product.post(
        "/conversations",
        content=content.encode(),
        headers={"content-type": media, "skillgit-user": f"reader-{media.partition('/')[2]}"},
    )
    assert sent.status_code == 202
    said = sent.json()
    assert (len(said["data"]), len(said["left_out"])) == (jobs, left_out)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"42"], ids=len)
def test_a_file_that_holds_no_conversation_is_refused(server: Closed, content: bytes) -> None:
    headers = {"content-type": "application/octet-stream"}
    assert server.ada.post("/conversations", content=content, headers=headers).status_code == 422


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"messages": []},
        {"messages": ["x"]},
        {"messages": LESSON, "hint": 3},
        {"messages": LESSON, "file_path": "/etc/passwd"},
    ],
    ids=str,
)
def test_what_is_no_conversation_is_no_job(server: Closed, asked: dict[str, object]) -> None:
    for path in ("/extractions", "/simulations"):
        assert server.ada.post(path, json=asked).status_code == 400


def test_what_is_not_there_is_said_before_a_stream_begins(server: Closed) -> None:
    assert server.ada.get("/extractions/nothing").status_code == 404
    assert server.ada.get("/extractions/nothing/events").status_code == 404


def wanted(user: str) -> Any:
    """A job that is not about anything."""
    from skillgit.learn.jobs import Wanted

    return Wanted(user, "[]", ("d",), "now")
