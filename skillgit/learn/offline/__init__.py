"""The parts of the offline learner: cues by language, reading a turn, judging it, naming the job.

    phrases.py      what a table of cues holds; english.py (with english_asks.py), chinese.py ... fill it
    language.py     which tables apply to a text
    passages.py     the user's own words in a turn, as sentences and clauses with their offsets
    setting.py      what kind of conversation this is: work, service, an agent in the user's files
    force.py        how strongly a clause orders, how far a sentence reaches
    requests.py     where a turn asks for new work
    directives.py   the clauses that tell the agent how to work, how strongly and how far they reach
    generic.py      a kind of work spoken of in general: "changelog entries" after one changelog entry
    judge.py        per user turn: durable or not, and why
    rules.py        durable clauses to atomic rules; later words win over earlier ones
    order.py        an order of work as steps
    deliverable.py  what a request is for, without this instance's topic
    task.py         the job the rules are about: title, name, description, triggers

All pure: no I/O, no clock, no model. `extract_offline.py`, one level up, puts them together.
"""
