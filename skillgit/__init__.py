"""Agent Skills that learn from your sessions, kept in git: every lesson is a commit.

    from skillgit import SkillRepo

The names below are the SDK. They load on first use, so that `skillgit --version` and
the hooks do not pay for them.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False  # typing's own costs 4 ms; type checkers read this one the same way
if TYPE_CHECKING:
    from skillgit.sdk import Decision, Hit, Skill, SkillRepo

__all__ = ["Decision", "Hit", "Skill", "SkillRepo", "__version__"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'skillgit' has no attribute '{name}'")
    from skillgit import sdk  # on first use: it brings pygit2

    return getattr(sdk, name)
