"""Agent Skills as values: SKILL.md, names, the specification's rules, versions. Pure: no I/O, no clock."""
