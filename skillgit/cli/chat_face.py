"""The two ways to talk: on a terminal, with a line editor, and through a pipe, a message a line."""

from __future__ import annotations

import asyncio
import sys
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING

from skillgit.chat.commands import COMMANDS
from skillgit.chat.event import News
from skillgit.cli import chat_lines

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

PROMPT = "> "
_LOOK = 0.1  # seconds between two looks for news while somebody types
_INPUT, _LOCAL = 0, 3  # which of a terminal's attributes hold these flags


class Pipe:
    """Messages come from a file or a pipe, a line each; nobody is there (`live`) to wait for, or to stop anything."""

    live = False

    def __init__(self) -> None:
        self._news: SimpleQueue[News] = SimpleQueue()

    def read(self, prompt: str = PROMPT) -> str:
        """What is said next; EOFError where that was all."""
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.removesuffix("\n")

    def hear(self, news: News) -> None:
        """News of the background, on whatever thread, which wait until they can be shown."""
        self._news.put(news)

    def tell(self) -> None:
        """All news were shown."""
        while not self._news.empty():
            chat_lines.show_news(self._news.get())


class Terminal(Pipe):
    """Messages are typed: lines can be edited and fetched back, and news appear above the one that is being typed."""

    live = True

    def __init__(self, said: Sequence[str]) -> None:
        super().__init__()
        self._editor = _editor(said)

    def read(self, prompt: str = PROMPT) -> str:
        """What is typed next; EOFError where the user leaves, KeyboardInterrupt where they drop the line."""
        return self._editor.prompt(prompt, pre_run=self._watch)

    def _watch(self) -> None:
        self._editor.app.create_background_task(self._tell_above())

    async def _tell_above(self) -> None:
        from prompt_toolkit.application import run_in_terminal

        while True:
            if not self._news.empty():
                await run_in_terminal(self.tell)
            await asyncio.sleep(_LOOK)


@contextmanager
def answering() -> Iterator[None]:
    """While the block runs, keys are not echoed into what is printed, and wait as they are for the next line."""
    if not sys.stdin.isatty():
        yield
        return
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    patient = list(before)
    patient[_INPUT] &= ~termios.ICRNL
    patient[_LOCAL] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(keyboard, termios.TCSANOW, patient)
    try:
        yield
    finally:
        termios.tcsetattr(keyboard, termios.TCSANOW, before)


def _editor(said: Sequence[str]) -> PromptSession[str]:
    """A line editor that remembers what was said before."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import InMemoryHistory

    return PromptSession(
        multiline=True,
        history=InMemoryHistory(said),
        completer=WordCompleter([f"/{row.name}" for row in COMMANDS], sentence=True),
        complete_while_typing=False,
        key_bindings=_keys(),
        prompt_continuation=lambda width, number, is_soft_wrap: " " * width,
    )


def _keys() -> KeyBindings:
    """Enter sends; Alt-Enter, or Escape and then Enter, begins another line."""
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("enter")
    def send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def go_on(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys
