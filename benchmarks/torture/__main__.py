"""`make torture`: the faults that a skill repository must survive, as one table.

    python -m benchmarks.torture                everything, in under 15 minutes on 2 cores
    python -m benchmarks.torture --quick        every row with a tenth of its rounds
    python -m benchmarks.torture --only R4,R7   some rows

The exit code is the number of rows that do not hold. R6 needs root (it mounts a small file system), R14 needs strace
(Debian, Ubuntu: apt install strace); where they are missing the row says so and is skipped.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.torture import crash, disk, forge, hostile, locked, merging, place, remote, syscalls, torn, writers
from benchmarks.torture.row import Row
from skillgit.errors import SkillgitError


@dataclass(frozen=True, slots=True)
class Fault:
    """One row: the fault, what must hold, and the function that tries it, with a tenth of the rounds if asked."""

    name: str
    fault: str
    must: str
    run: Callable[[bool], Row]


FAULTS = (
    Fault("R1", "8 writers, a 9th with plain git", "each decision there once, versions rise", writers.r1),
    Fault("R2", "the same beside pack-refs, repack, gc", "nothing lost", writers.r2),
    Fault("R3", "3 writers killed at once, bare", "no acknowledged decision lost, fsck clean", crash.r3),
    Fault("R4", "each command killed at each step", "all or nothing, user's bytes kept, mended", crash.r4),
    Fault("R5", "the same attempt again after kills", "there exactly once", crash.r5),
    Fault("R6", "disk full, read-only, not ours", "said in a line, nothing half-written", disk.r6),
    Fault("R7", "the newest file is torn", "noticed, no hang, mended by the doctor", torn.r7),
    Fault("R8", "a lock file of each kind, dead and held", "named in time, freed, never stolen", locked.r8),
    Fault("R9", "8 clones push to one remote", "all land once, nothing forced, versions rise", remote.r9),
    Fault("R10", "merge drivers that are gone, fail, die", "no side of a merge lost or hidden", merging.r10),
    Fault("R11", "messages that forge trailers", "git and we read what was decided", hostile.r11),
    Fault("R12", "hostile names, modes and links", "none in HEAD, at any gate", hostile.r12),
    Fault("R13", "8 propose one branch, the forge fails", "one pull request, all in it, nothing forced", forge.r13),
    Fault("R14", "the Nth system call fails", "no acknowledgement that is not durable", syscalls.r14),
    Fault("R15", "stopped holder, clock back, two users", "told in words, order kept", locked.r15),
)


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.torture", description=__doc__.partition("\n")[0])
    asked.add_argument("--only", metavar="ROWS", default="", help="rows to run, with commas: R4,R7")
    asked.add_argument("--quick", action="store_true", help="a tenth of the rounds")
    options = asked.parse_args()
    wanted = [name for name in options.only.upper().split(",") if name]
    faults = [fault for fault in FAULTS if not wanted or fault.name in wanted]
    if unknown := set(wanted) - {fault.name for fault in faults}:
        asked.error(f"no row {', '.join(sorted(unknown))}")
    with place.directory() as home:
        place.seal(home)
        print(f"{'row':4} {'fault':40} {'must hold':48} {'count':>6} {'result':8} {'time':>6}")
        began = time.monotonic()
        failed = [fault.name for fault in faults if not _tried(fault, quick=options.quick)]
    print(f"\n{len(faults)} rows, {len(failed)} failed, in {(time.monotonic() - began) / 60:.1f} minutes")
    print(f"made by: {sys.executable} -m benchmarks.torture {' '.join(sys.argv[1:])}".rstrip())
    return len(failed)


def _tried(fault: Fault, *, quick: bool) -> bool:
    """Run one row, print what came of it, and say whether it held."""
    began = time.monotonic()
    try:
        row = fault.run(quick)
    except (SkillgitError, OSError, RuntimeError) as err:  # the other rows are to be tried all the same
        row = Row(0, (f"broke off: {err}",))
    result = "FAILED" if row.problems else "skipped" if row.skipped else "held"
    took = f"{time.monotonic() - began:.0f} s"
    print(f"{fault.name:4} {fault.fault:40} {fault.must:48} {row.count:6} {result:8} {took:>6}", flush=True)
    for line in (row.figures, row.skipped, *row.problems[:10]):
        print(textwrap.indent(line, "     "), end="\n" if line else "")
    if len(row.problems) > 10:
        print(f"     and {len(row.problems) - 10} more")
    return not row.problems


if __name__ == "__main__":
    sys.exit(main())
