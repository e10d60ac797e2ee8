"""How much CPU the command line costs before it works, as ratios against a stated baseline.

Prints the best of many runs of each, children included, and exits with 1 where a budget is broken.
Bytecode is cached, as it is where skillgit is installed.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 15
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
ONE_COMMAND = """
import typer
app = typer.Typer(add_completion=False, rich_markup_mode=None)
@app.command()
def hello(name: str) -> None: "Say hello."
app()
"""


def cpu(*words: str) -> float:
    """The CPU milliseconds of the fastest run of a command: user and system, children included."""
    return min(_once(words) for _ in range(RUNS))


def _once(words: tuple[str, ...]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def report(what: str, milliseconds: float, *, baseline: float, budget: float) -> bool:
    """Print one row of the table; whether the budget is kept."""
    ratio = milliseconds / baseline
    print(f"{what:22} {milliseconds:6.1f} ms {ratio:6.2f} x (budget {budget} x)")
    return ratio < budget


def main() -> int:
    skillgit = str(Path(sys.executable).with_name("skillgit"))
    with tempfile.TemporaryDirectory() as directory:
        app = Path(directory, "app.py")
        app.write_text(ONE_COMMAND, encoding="utf-8")
        python = cpu(sys.executable, "-c", "pass")
        typer = cpu(sys.executable, str(app), "--help")
    print(f"{'python -c pass':22} {python:6.1f} ms   baseline of --version")
    print(f"{'a one-command typer':22} {typer:6.1f} ms   baseline of --help")
    kept = [
        report("skillgit --version", cpu(skillgit, "--version"), baseline=python, budget=2.0),
        report("skillgit --help", cpu(skillgit, "--help"), baseline=typer, budget=1.2),
    ]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
