"""Starting a server: the sockets, the processes, and what is said at the beginning."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from skillgit.errors import SkillgitError, UsageError
from skillgit.git.repo import Repo
from skillgit.serve import audit
from skillgit.serve.app import app
from skillgit.serve.identity import is_loopback
from skillgit.serve.server import Server, gate, rules

_PLAN: Final = "SKILLGIT_SERVE_PLAN"
"""The variable by which processes that answer are told what to serve."""
_GRACE = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What to serve, where, and by how many processes."""

    directory: str
    host: str
    port: int
    upstreams: Sequence[str]
    workers: int

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)


def check(plan: Plan) -> tuple[str, ...]:
    """What the user should hear before it starts, a line each. Raises UsageError where it must not start."""
    repo = Repo.open(Path(plan.directory))
    upstreams = rules(repo, plan.upstreams).upstreams
    if gate(repo, is_local=True).is_open and not plan.is_local:
        raise UsageError(
            f"without a key only this machine is served, and '{plan.host}' is for others",
            hint="'skillgit keys add' makes a key",
        )
    notes = [f"requests go to {each.url}" + ("" if each.headers else ", with the client's key") for each in upstreams]
    if gate(repo, is_local=plan.is_local).is_open:
        notes.append("no key is needed, and only this machine is served; 'skillgit keys add' changes that")
    return tuple(notes)


def serve(plan: Plan, tell: Callable[[str], None]) -> None:
    """Serve until the process is told to end; the address is told when it can be reached."""
    with _listening(plan) as listening:
        host, port = listening.getsockname()[:2]
        tell(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
        os.environ[_PLAN] = json.dumps([plan.directory, plan.host, plan.port, list(plan.upstreams), plan.workers])
        config = uvicorn.Config(
            "skillgit.serve.run:planned",
            factory=True,
            workers=plan.workers,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=_GRACE,
            proxy_headers=False,
        )
        if plan.workers == 1:
            uvicorn.Server(config).run(sockets=[listening])
        else:
            Multiprocess(config, [listening]).run()


def planned() -> Starlette:
    """The application of a process that answers."""
    audit.to_stderr()
    directory, host, port, upstreams, workers = json.loads(os.environ[_PLAN])
    plan = Plan(directory, host, port, upstreams, workers)
    wanted = rules(Repo.open(Path(plan.directory)), plan.upstreams)
    return app(Server(Path(plan.directory), wanted, is_local=plan.is_local))


def _listening(plan: Plan) -> socket.socket:
    """The socket to listen on; SkillgitError where another process has it."""
    family = socket.AF_INET6 if ":" in plan.host else socket.AF_INET
    try:
        listening = socket.create_server((plan.host, plan.port), family=family, backlog=2048)
    except OSError as err:
        words = (err.strerror or str(err)).lower()
        raise SkillgitError(f"cannot listen on {plan.host}:{plan.port}: {words}", hint="say another --port") from err
    listening.set_inheritable(True)
    return listening
