"""Users as they are scripted: what each says, whether that teaches something, and when it should be of use. Pure.

A family is one row of FAMILIES. It has a case for each of its topics, which stands in its texts as `{topic}`. The rules
of a family are what its skill has to say, each as words of which one is in it; a family without rules teaches nothing.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Expected: TypeAlias = Literal["add", "merge", "none"]


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of user: what it `teaches`, how it is `corrected` later, and the tasks that it has then, `later`."""

    name: str
    topics: tuple[str, ...]
    taught: tuple[str, ...]
    corrected: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    rules: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A family with one of its topics."""

    family: str
    topic: str
    taught: tuple[str, ...]
    corrected: tuple[str, ...]
    later: tuple[str, ...]
    rules: tuple[tuple[str, ...], ...]

    @property
    def teaches(self) -> bool:
        """Whether there is something to learn."""
        return bool(self.rules)


def cases(*, runs: int, seed: int) -> tuple[Case, ...]:
    """So many cases, drawn from all by a seed: every family before one comes again, every topic before one does."""
    drawn = random.Random(seed)
    queues = {family.name: drawn.sample(_cases(family), len(family.topics)) for family in FAMILIES}
    found: list[Case] = []
    while len(found) < runs:
        for name in drawn.sample(sorted(queues), len(queues)):
            found.append(queues[name][len(found) // len(queues) % len(queues[name])])
    return tuple(found[:runs])


def _cases(family: Family) -> list[Case]:
    return [_case(family, topic) for topic in family.topics]


def _case(family: Family, topic: str) -> Case:
    taught, corrected, later = (
        tuple(text.format(topic=topic) for text in texts) for texts in (family.taught, family.corrected, family.later)
    )
    return Case(family.name, topic, taught, corrected, later, family.rules)


FAMILIES: Final = (
    Family(
        "report",
        ("river levels", "road safety", "school meals", "solar roofs"),
        ("Write a report on {topic} for the council. Always cite a source for every figure in such a report.",),
        ("For reports on {topic}: never use tables, from now on.",),
        ("Draft the council's report on {topic} for this quarter.",),
        (("source",), ("tables",)),
    ),
    Family(
        "release-notes",
        ("the billing service", "the mobile app", "the parser library", "the firmware"),
        ("Write the release notes of {topic}. In release notes, always list breaking changes first.",),
        ("One more rule for the release notes of {topic}: always link each fix to its issue.",),
        ("We ship {topic} tomorrow: write its release notes.",),
        (("breaking",), ("link",)),
    ),
    Family(
        "travel",
        ("Lisbon", "Kyoto", "Oslo", "Cusco"),
        ("Plan three days in {topic}. When you plan a trip for me, never put more than two sights on a day.",),
        ("For my trips, also always name a place to eat without meat.",),
        ("Plan a weekend trip to {topic} for me.",),
        (("two sights",), ("meat",)),
    ),
    Family(
        "lesson-plan",
        ("fractions", "volcanoes", "the water cycle", "poetry"),
        ("Make a lesson plan about {topic}. My lesson plans must always start with a question to the class.",),
        ("From now on, every lesson plan of mine must end with a quiz of three questions.",),
        ("I need a lesson plan about {topic} for Monday.",),
        (("question to the class",), ("quiz",)),
    ),
    Family(
        "incident",
        ("the database outage", "the login failure", "the queue backlog", "the disk alert"),
        (
            "Before each postmortem of ours: collect the timeline -> name the impact -> list the follow-ups."
            " Write the one of {topic}.",
        ),
        ("In postmortems, never name the person who caused it.",),
        ("Write the postmortem of {topic}.",),
        (("timeline",), ("person",)),
    ),
    Family(
        "公文",
        ("防汛工作", "校园安全", "垃圾分类", "老旧小区改造"),
        ("请写一份关于{topic}的政府报告。以后写政府报告，每个数据都必须注明来源。",),
        ("以后写政府报告不要使用表格。",),
        ("帮我起草一份关于{topic}的政府报告。",),
        (("来源",), ("表格",)),
    ),
    Family(
        "周报",
        ("支付项目", "推荐系统", "客服系统", "数据平台"),
        ("帮我写{topic}的周报。以后写周报，一定要先写风险再写进展。",),
        ("以后写周报，总是在最后附上下周计划。",),
        ("写一下{topic}这周的周报。",),
        (("风险",), ("下周计划",)),
    ),
    Family(
        "small-talk",
        ("the rain", "the match", "my commute", "the new canteen"),
        ("Hi! How are you today?", "I am well, thanks. {topic} was quite something yesterday, wasn't it?"),
        later=("Hello again!",),
    ),
    Family(
        "fact",
        ("Iceland", "Peru", "Laos", "Malta"),
        ("What is the capital of {topic}?",),
        later=("And how many people live in {topic}?",),
    ),
    Family(
        "once",
        ("the shop window", "the notice board", "the front door", "the newsletter"),
        ("Translate this for {topic}: 'Closed on Monday'.", "Make it shorter, please, just this once."),
        later=("Translate 'Open again' for {topic}.",),
    ),
    Family(
        "puzzle",
        ("17 and 25", "12 and 96", "7 and 81", "33 and 54"),
        ("What is the greatest common divisor of {topic}? Think step by step.",),
        later=("Is either of {topic} a prime?",),
    ),
    Family(
        "闲聊",
        ("天气", "电影", "球赛", "午饭"),
        ("你好，今天{topic}怎么样？", "哈哈，谢谢你。"),
        later=("在吗？",),
    ),
)
