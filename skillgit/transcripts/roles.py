"""The names that sources give to the five roles, as field values and as prefixes of a line."""

from __future__ import annotations

import re

from skillgit.transcripts.model import Role

_NAMES: dict[Role, str] = {
    "system": "system developer 系统 系統",
    "user": "user human 用户 用戶 使用者 人类 人類 ユーザー 사용자 "
    "usuario usuário utilisateur benutzer nutzer пользователь",
    "assistant": "assistant ai bot model gpt chatgpt claude gemini copilot bing bard 助手 助理 アシスタント 어시스턴트 "
    "asistente assistente assistent ассистент",
    "tool": "tool function ipython observation function_response tool_response 工具",
}
_ROLES: dict[str, Role] = {name: role for role, names in _NAMES.items() for name in names.split()}
_SPOKEN: dict[str, Role] = {**_ROLES, "you": "user", "me": "user"}

_PREFIX = re.compile(
    r"""[ \t]* (?: \#{1,6}[ \t]+ | >[ \t]* )? (?: \*\*|__|\[ )? [ \t]*
        (?P<name> NAMES ) (?: [ ]said )? [ \t]*
        (?: [:：](?:\*\*|__) | (?:\*\*|__|\])[ \t]*[:：] | [:：] ) [ \t]*""".replace(
        "NAMES", "|".join(sorted(map(re.escape, _SPOKEN), key=len, reverse=True))
    ),
    re.VERBOSE | re.IGNORECASE,
)
_HEADING = re.compile(
    rf"[ \t]*#{{1,6}}[ \t]+(?P<name>{'|'.join(sorted(map(re.escape, _ROLES), key=len, reverse=True))})[ \t]*$",
    re.IGNORECASE,
)


def role_of(name: object) -> Role | None:
    """The role a source means by this name, or None where there is no such role."""
    return _ROLES.get(name.strip().lower()) if isinstance(name, str) else None


def speaker(line: str) -> tuple[Role, str] | None:
    """Who starts to speak on this line of plain text and the rest of the line, or None."""
    found = _HEADING.match(line) or _PREFIX.match(line)
    return (_SPOKEN[found["name"].lower()], line[found.end() :]) if found else None
