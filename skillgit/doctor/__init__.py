"""`skillgit doctor`: everything that can be checked about a skill repository, and what mends it."""
