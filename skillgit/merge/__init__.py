"""Three-way merges of SKILL.md as pure functions: fields, sections, list items, words. `ladder.merge` is the door."""
