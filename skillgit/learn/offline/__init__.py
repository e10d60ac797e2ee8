"""The parts of the offline learner: cues by language, reading a turn, judging it, naming the job.

    phrases.py      what a table of cues holds; english.py, chinese.py, european.py, asian.py fill it
    language.py     which tables apply to a text
    passages.py     the user's own words in a turn, as sentences and clauses with their offsets
    setting.py      what kind of conversation this is: work, service, role play
    judge.py        per user turn: durable or not, and why
    rules.py        durable clauses to atomic rules and steps; later words win over earlier ones
    task.py         the job the rules are about: title, name, description, triggers

All pure: no I/O, no clock, no model. `extract_offline.py`, one level up, puts them together.
"""
