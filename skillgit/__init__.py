"""skillgit: Agent Skills that learn from your sessions, kept in git."""

__version__ = "0.1.0"
