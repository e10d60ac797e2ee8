"""git's hooks: what they do, where they are put, and whom they get along with."""
