"""The YAML of a SKILL.md as other readers have it: values of JSON, where `frontmatter.py` has what was written.

`version: 1.10` is the number 1.1 here, `draft: false` a boolean, an empty value null. A date is the text that it was
written as, which is what YAML 1.2 makes of it.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

from skillgit.errors import Invalid
from skillgit.skills.document import Document

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

_DATE = "tag:yaml.org,2002:timestamp"


def values(document: Document) -> dict[str, Json]:
    """The frontmatter of a document, field by field in its order. Raises Invalid where it is no YAML."""
    from ruamel.yaml import YAML  # 25 ms
    from ruamel.yaml.constructor import SafeConstructor
    from ruamel.yaml.error import YAMLError

    class Constructor(SafeConstructor):
        """The safe one, that leaves dates as they are."""

    Constructor.add_constructor(_DATE, Constructor.construct_yaml_str)
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = Constructor
    try:
        read = yaml.load(document.frontmatter)
    except (YAMLError, ValueError, OverflowError) as err:
        raise Invalid("the frontmatter is not valid YAML") from err
    return {str(key): _json(value) for key, value in (read or {}).items()}


def _json(value: Any) -> Json:
    if isinstance(value, dict):
        return {str(key): _json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, str | int | float) or value is None else str(value)
