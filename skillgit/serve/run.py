"""Starting a server: the sockets, the processes, and what is said at the beginning."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Final

import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from skillgit import postgres
from skillgit.errors import DatabaseError, SkillgitError, UsageError
from skillgit.git import remote
from skillgit.git.repo import Repo
from skillgit.learn import learner
from skillgit.learn.jobs import is_shared, jobs
from skillgit.serve import audit
from skillgit.serve.app import app
from skillgit.serve.connection import Connection
from skillgit.serve.identity import is_loopback
from skillgit.serve.server import Server, gate, rules

_PLAN: Final = "SKILLGIT_SERVE_PLAN"
"""The variable by which processes that answer are told what to serve."""
_GRACE = 20
_LOOK = 0.5  # seconds between two looks for the process that has started this one


@dataclass(frozen=True, slots=True)
class Plan:
    """What to serve, where, and by how many processes.

    `pages` is True where these are what is asked for, with an upstream or without.
    """

    directory: str
    host: str
    port: int
    upstreams: Sequence[str]
    workers: int
    pages: bool = False

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)


def check(plan: Plan) -> tuple[str, ...]:
    """What the user should hear before it starts, a line each. Raises UsageError where it must not start."""
    repo = Repo.open(Path(plan.directory))
    upstreams = rules(repo, plan.upstreams).upstreams
    if not upstreams and not plan.pages:
        raise UsageError(
            "there is no upstream to send requests to",
            hint="say --upstream https://HOST/v1 or --upstream PROVIDER ('skillgit models providers' lists them)",
        )
    if len({each.anthropic for each in upstreams}) < len(upstreams):
        raise UsageError(
            "of two upstreams one has to be 'anthropic', and the other one not",
            hint="say --upstream once, or --upstream PROVIDER --upstream anthropic",
        )
    notes = [f"requests go to {each.url}" + ("" if each.headers else ", with the client's key") for each in upstreams]
    return (*notes, *_check_shared(repo), *_check_landing(repo), *check_entrance(repo, plan.host))


def _check_shared(repo: Repo) -> tuple[str, ...]:
    """What is in a database, and whether the jobs can be reached. Raises UsageError where it could never be there."""
    told = [
        f"{what} are in the database at {postgres.where(shared.url)}, for all servers of '{shared.name}'"
        for key, what in (("serve.jobs", "jobs"), ("search.vectors", "vectors"))
        if (shared := postgres.place(repo, key))
    ]
    try:
        if is_shared(repo):
            with jobs(repo) as queue:
                queue.count()
    except DatabaseError as err:
        told.append(f"{err.message}; jobs wait in this repository until it is back")
    return tuple(told)


def _check_landing(repo: Repo) -> tuple[str, ...]:
    """Where decisions go that are not in use at once. Raises RepositoryError where they could not be proposed."""
    policy = learner.policy(repo)
    if policy == "auto":
        return ()
    place = f", which are proposed at '{remote.default_remote(repo)}'" if policy == "pr" else ""
    return (f"what is learned goes to branches learn/USER/DATE{place}; it is in use when it was merged here",)


def check_entrance(repo: Repo, host: str) -> tuple[str, ...]:
    """What the user should hear of who is let in at an address. Raises UsageError where others could come in freely."""
    if gate(repo, is_local=True).is_open and not is_loopback(host):
        raise UsageError(
            f"without a key only this machine is served, and '{host}' is for others",
            hint="'skillgit keys add' makes a key",
        )
    if gate(repo, is_local=is_loopback(host)).is_open:
        return ("no key is needed, and only this machine is served; 'skillgit keys add' changes that",)
    return ()


def serve(plan: Plan, tell: Callable[[str], None]) -> None:
    """Serve until the process is told to end; the address is told when it can be reached."""
    with listening(plan.host, plan.port) as place:
        tell(address(place))
        os.environ[_PLAN] = json.dumps([os.getpid(), *astuple(plan)])
        config = configured("skillgit.serve.run:planned", workers=plan.workers)
        if plan.workers == 1:
            uvicorn.Server(config).run(sockets=[place])
        else:
            os.environ["PYTHONSAFEPATH"] = "1"  # what lies where it runs is no module of its processes
            Multiprocess(config, [place]).run()


def configured(served: Starlette | str, *, workers: int = 1) -> uvicorn.Config:
    """How an application is served, or the one that the function of this name makes in each process."""
    return uvicorn.Config(
        served,
        factory=isinstance(served, str),
        workers=workers,
        http=Connection,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_GRACE,
        proxy_headers=False,
    )


def planned() -> Starlette:
    """The application of a process that answers."""
    audit.to_stderr()
    parent, *said = json.loads(os.environ[_PLAN])
    if parent != os.getpid():
        Thread(target=_end_with, args=(parent,), daemon=True).start()
    plan = Plan(*said)
    wanted = rules(Repo.open(Path(plan.directory)), plan.upstreams)
    wanted = replace(wanted, pages=plan.pages or wanted.pages)
    return app(Server(Path(plan.directory), wanted, is_local=plan.is_local))


def _end_with(parent: int) -> None:
    """End this process, as if it were told to, when the one that has started it was killed."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; SkillgitError where another process does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        place = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as err:
        words = (err.strerror or str(err)).partition(" (while ")[0].lower()  # which Python adds, to name it again
        raise SkillgitError(f"cannot listen on {host}:{port}: {words}", hint="say another --port") from err
    place.set_inheritable(True)
    return place


def address(place: socket.socket) -> str:
    """Where a socket can be reached."""
    host, port = place.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
