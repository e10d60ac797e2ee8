"""What is taken for a secret, a person or an attack in real skills, and what looking costs.

    python benchmarks/redact.py ../shared/data

Nobody has planted anything in these skills, so each that is flagged is a false alarm, but for the examples of passwords
that some of them teach with. The time is the CPU's, and beside it that of reading the same text as Markdown sections.
"""

from __future__ import annotations

import json
import resource
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from skillgit.learn.personal import personal
from skillgit.learn.scan import scan
from skillgit.learn.secrets import secrets
from skillgit.skills.outline import sections


def main(data: Path) -> None:
    """Print a table for each set of skills."""
    learned = [file.read_text(encoding="utf-8") for file in sorted((data / "skills").glob("*/**/SKILL.md"))]
    rows = (data / "retrieval" / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    secrets("warm")
    for name, texts in {"learned skills": learned, "public skills": [json.loads(row)["body"] for row in rows]}.items():
        print(f"{name}: {len(texts)}, {sum(map(len, texts)) / 1e6:.1f} million characters")
        _alarms("secrets", texts, lambda text: [span.kind for span in secrets(text)])
        _alarms("personal", texts, lambda text: [span.kind for span in personal(text)])
        _alarms(
            "scan", texts, lambda text: [f"{each.severity} {each.kind}" for each in scan("SKILL.md", text.encode())]
        )
        _alarms("(sections)", texts, _nothing)


def _alarms(what: str, texts: Sequence[str], look: Callable[[str], list[str]]) -> None:
    began = _cpu()
    found = [set(look(text)) for text in texts]
    each = (_cpu() - began) / len(texts) * 1000
    flagged, kinds = sum(map(bool, found)), Counter(kind for kinds in found for kind in kinds)
    told = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
    print(f"  {what:11} {flagged:4} flagged ({flagged / len(texts):.2%}), {each:.2f} ms each  {told}")


def _nothing(text: str) -> list[str]:
    sections(text)
    return []


def _cpu() -> float:
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
