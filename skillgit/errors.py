"""Every error skillgit raises on purpose, and the exit code each one means.

    SkillgitError              fatal: something went wrong                       128
    ├── UsageError             the words of the call are wrong                     2
    ├── Refused                the answer is no (invalid, no match, conflict)      1
    │   ├── NotFound           one thing was asked for and is not there            1
    │   └── Invalid            a document or a value breaks a rule                 1
    ├── Unreadable             a file or transcript cannot be read                128
    ├── RepositoryError        the git repository cannot be used as it is        128
    │   ├── InTheWay           edits that are not committed are in the way       128
    │   ├── Locked             another process holds the lock                    128
    │   └── StaleRef           the branch kept moving under us                   128
    ├── ModelError             a model gave no usable answer                     128
    ├── ForgeError             a forge gave no usable answer                     128
    ├── DatabaseError          a database gave no usable answer                  128
    │   └── Contended          another process did it first                      128
    └── Unsafe                 hostile input: a path, a name, an archive         128

A bug is no SkillgitError: it ends with a traceback and exit code 3. Codes are git's
own: 0 done, 1 the answer is no, 2 usage, 128 fatal.
"""

from __future__ import annotations


class SkillgitError(Exception):
    """The root of the tree: one line that says what failed, and a hint that says what helps."""

    exit_code = 128

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SkillgitError):
    """The words of the call are wrong."""

    exit_code = 2


class Refused(SkillgitError):
    """The question was understood and the answer is no."""

    exit_code = 1


class NotFound(Refused):
    """One thing was asked for by name and is not there."""


class Invalid(Refused):
    """A document, a name or a value breaks a rule."""


class Unreadable(SkillgitError):
    """A file or a transcript cannot be read as what it claims to be."""


class RepositoryError(SkillgitError):
    """The git repository cannot be used as it is."""


class InTheWay(RepositoryError):
    """Edits of the user's, which are not committed, are in the way; or git is in the middle of something."""


class Locked(RepositoryError):
    """Another process holds a lock and did not let go in time."""


class StaleRef(RepositoryError):
    """The branch kept moving while a decision was being written."""


class ModelError(SkillgitError):
    """A model could not be asked, or gave no answer that can be used."""


class ForgeError(SkillgitError):
    """A forge could not be asked, or did not do what it was asked for."""


class DatabaseError(SkillgitError):
    """A database could not be asked, or did not do what it was asked for."""


class Contended(DatabaseError):
    """Another process did first what two were about to do."""


class Unsafe(SkillgitError):
    """Hostile or reckless input: a path out of the tree, a bomb, a reserved name."""
