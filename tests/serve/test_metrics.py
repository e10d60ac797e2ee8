"""What a server counts, as Prometheus reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from skillgit.serve import keys
from skillgit.serve.metrics import MEDIA
from skillgit.serve.model import budget
from tests.serve.place import REPORT, Place, chat, serving

SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="[^"\n]*",?)*)\})? ([0-9.e+-]+)')


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("metrics")) as made:
        yield made


def read(place: Place, key: str = "") -> dict[tuple[str, frozenset[str]], float]:
    """The samples by their name and labels, but for that of the process."""
    headers = {"authorization": f"Bearer {key}"} if key else {}
    answer = httpx.get(f"{place.url}/metrics", headers=headers).raise_for_status()
    assert answer.headers["content-type"] == MEDIA
    found = [SAMPLE.fullmatch(line) for line in answer.text.splitlines() if not line.startswith("#")]
    assert all(found)
    return {
        (each[1], frozenset(label for label in (each[2] or "").split(",") if not label.startswith("process="))): float(
            each[3]
        )
        for each in found
        if each
    }


def labels(**pairs: str) -> frozenset[str]:
    return frozenset(f'{name}="{value}"' for name, value in pairs.items())


def test_requests_are_counted_by_route_and_status(place: Place) -> None:
    assert not [name for name, _ in read(place) if name == "skillgit_skills_total"]
    route = "/v1/chat/completions"
    for model in ("answers", "answers", "fails-429"):
        httpx.post(f"{place.url}{route}", content=chat(REPORT).replace(b"answers", model.encode()))
    httpx.get(f"{place.url}/v1/models/answers")
    found = read(place)
    assert found["skillgit_requests_total", labels(route=route, method="POST", status="200")] == 2
    assert found["skillgit_requests_total", labels(route=route, method="POST", status="429")] == 1
    assert found["skillgit_requests_total", labels(route="/v1/models/{name:path}", method="GET", status="200")] == 1
    assert found["skillgit_requests_total", labels(route="/metrics", method="GET", status="200")] == 1
    assert found["skillgit_skills_total", labels(route=route)] == 3
    assert found["skillgit_request_seconds_count", labels(route=route)] == 3
    assert found["skillgit_request_seconds_bucket", labels(route=route, le="+Inf")] == 3
    assert 0 < found["skillgit_request_seconds_sum", labels(route=route)] < 10
    assert found["skillgit_learner_up", frozenset()] == 1


def test_the_buckets_of_a_histogram_rise(place: Place) -> None:
    httpx.post(f"{place.url}/v1/chat/completions", content=chat(REPORT))
    found = read(place)
    buckets = [number for (name, _), number in found.items() if name == "skillgit_request_seconds_bucket"]
    assert len(buckets) == 14
    assert buckets == sorted(buckets)


def test_jobs_are_counted_by_their_state(place: Place) -> None:
    headers = {"skillgit-learn": "always"}
    httpx.post(f"{place.url}/v1/chat/completions", content=chat(REPORT), headers=headers)
    place.settled()
    assert read(place)["skillgit_jobs", labels(state="done")] == 1


def test_what_the_model_has_used_today_is_told(place: Place) -> None:
    budget(place.repo).spend(42)
    assert read(place)["skillgit_model_tokens", frozenset({""})] == 42


def test_nothing_that_was_said_or_is_a_users_is_told(place: Place) -> None:
    httpx.post(f"{place.url}/v1/chat/completions", content=chat(REPORT))
    httpx.get(f"{place.url}/v1/skillgit/skills/government-report")
    text = httpx.get(f"{place.url}/metrics").text
    assert not re.search("ada|government|rivers", text)


def test_the_key_of_one_user_sees_nothing_of_all_others(place: Place) -> None:
    ada, shop = keys.add(place.repo, "ada")[1], keys.add(place.repo, "shop", acts=True)[1]
    assert httpx.get(f"{place.url}/metrics").status_code == 401
    assert httpx.get(f"{place.url}/metrics", headers={"x-api-key": ada}).status_code == 403
    assert read(place, shop)
