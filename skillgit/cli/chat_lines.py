"""What happens in a conversation, in lines: answers on stdout, all else beside them, quietly."""

from __future__ import annotations

import time

from skillgit.changes.skill import shown
from skillgit.chat.chats import Lesson
from skillgit.chat.event import Learned, News, Retrieved
from skillgit.cli import output


def quietly(line: str) -> None:
    """A line that is no part of an answer: dim on a terminal, on stderr elsewhere."""
    if output.on_terminal():
        output.say(line, style="dim")
    else:
        output.note(line)


def show_retrieved(found: Retrieved) -> None:
    """Which skills the model is given, if any, and what there is to hear of the search."""
    if found.injected:
        quietly(f"skills: {', '.join(f'{shown(hit.path)} {hit.version} ({hit.score:.2f})' for hit in found.injected)}")
    for note in found.notes:
        output.note(f"note: {note}")


def show_news(told: News) -> None:
    """What came of learning, where there is something to know, or where somebody has asked for it."""
    if isinstance(told, Learned) and (told.lesson.decision != "none" or told.asked):
        quietly(_line(told.lesson))
        for remark in told.remarks:
            output.note(f"note: {remark}")


def when(seconds: float) -> str:
    """A time as people read it, of this machine's zone."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _line(lesson: Lesson) -> str:
    if not lesson.skill:
        said = {"none": "nothing learned", "undecided": "not learned yet", "refused": "not learned"}
        return f"{said.get(lesson.decision, lesson.decision)}: {lesson.reason}"
    changed = lesson.before and lesson.before != lesson.version
    version = f"{lesson.before} -> {lesson.version}" if changed else lesson.version
    return f"{lesson.decision} {lesson.skill} {version}".rstrip() + f": {lesson.reason}"
