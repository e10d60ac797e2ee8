"""What the benchmark reads out of strace's lines."""

from __future__ import annotations

import pytest

from benchmarks.torture.syscalls import undurable, whole

OBJECT = "/l/.git/objects/4e/59"
NAMED = [f'7 rename("/l/tmp", "{OBJECT}") = 0', "7 fsync(4</l/.git/objects/4e>) = 0"]
CASES = {
    "synced first": (["7 fsync(3</l/tmp>) = 0", *NAMED], []),
    "told in two": (["7 fsync(3</l/tmp> <unfinished ...>", "8 mkdir(x) = 0", "7 <... fsync resumed>) = 0", *NAMED], []),
    "never synced": (NAMED, [f"'{OBJECT}' was not synced"]),
    "a sync that failed": (["7 fsync(3</l/tmp>) = -1 EIO (INJECTED)", *NAMED], [f"'{OBJECT}' was not synced"]),
    "its folder not synced": (["7 fsync(3</l/tmp>) = 0", NAMED[0]], [f"the folder of '{OBJECT}' was not synced"]),
    "cut off by a kill": (["7 fsync(3</l/tmp> <unfinished ...>"], []),
}


@pytest.mark.parametrize(("lines", "faults"), CASES.values(), ids=CASES.keys())
def test_what_is_not_durable_is_told(lines: list[str], faults: list[str]) -> None:
    assert list(undurable(tuple(whole(lines)))) == faults
