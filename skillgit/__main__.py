"""The console script: `skillgit`, and `python -m skillgit`."""

import os
import sys

from skillgit import __version__


def run() -> int:
    """Run the command line this process was started with; the exit code is the answer."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # to start its threads takes numpy 30 ms of a search's 270
    argv = sys.argv[1:]
    if argv == ["--version"]:  # answered here: the command table would load typer, six times Python's own start
        print(f"skillgit version {__version__}")
        return 0
    if argv and argv[0] in ("merge-driver", "diff-driver", "hook"):  # git runs one for each file or commit
        from skillgit.hook import main
    else:
        from skillgit.cli.app import main

    code = main(argv)
    _drop_unwritable_output()
    return code


def _drop_unwritable_output() -> None:
    """Leave nothing for the interpreter to flush at exit where it would fail again, loudly."""
    try:
        sys.stdout.flush()
    except OSError:  # main has said so, or the reader has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(run())
