"""The words of the pages: whole in both languages, and in the language that a visitor reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from skillgit.config import SETTINGS, Setting
from skillgit.serve.web import words
from skillgit.serve.web.page import Language

WEB = Path(words.__file__).parent
KEYS = sorted(words.texts())
CALLS = re.compile(r'\bt\("([^"]+)"(.)')
FIELDS = re.compile(r"\{(\w+)\}")
HAN = re.compile(r"[㐀-鿿]")


def test_every_text_is_there_in_both_languages_with_the_same_values() -> None:
    assert [key for key in KEYS if not is_whole(words.texts()[key])] == []


def is_whole(said: Mapping[str, str]) -> bool:
    """Whether a text says the same in English and Chinese, as far as that can be told."""
    if not {"en", "zh"} <= said.keys() <= {"en", "zh", "one"} or not all(map(str.strip, said.values())):
        return False
    english, chinese, one = (set(FIELDS.findall(said.get(name, ""))) for name in ("en", "zh", "one"))
    speaks = HAN.search(said["zh"]) or said["zh"].isascii()
    return english == chinese and one <= english | {"count"} and not HAN.search(said["en"]) and bool(speaks)


@pytest.mark.parametrize("template", sorted(WEB.glob("templates/*.html")), ids=lambda path: str(path.name))
def test_a_template_names_only_texts_that_there_are(template: Path) -> None:
    for key, after in CALLS.findall(template.read_text(encoding="utf-8")):
        starts = [each for each in KEYS if each.startswith(key)]
        assert key in KEYS or (after == " " and starts), key


def test_a_text_says_one_where_there_is_one() -> None:
    assert words.text("en", "library.count", count=1) == "1 skill"
    assert words.text("en", "library.count", count=2) == "2 skills"
    assert words.text("zh", "library.count", count=1) == "1 个技能"


@pytest.mark.parametrize("each", SETTINGS, ids=lambda each: str(each.key))
def test_what_a_setting_is_for_is_told_in_chinese(each: Setting) -> None:
    assert HAN.search(words.told("zh", each.meaning)), each.meaning


@pytest.mark.parametrize(
    ("wanted", "kept", "accepted", "spoken"),
    [
        ("zh", "en", "en", "zh"),
        ("", "zh", "en", "zh"),
        ("", "", "zh-TW,zh;q=0.9,en;q=0.8", "zh"),
        ("", "", "en;q=0.1,zh;q=0.2", "zh"),
        ("", "", "zh;q=0,en;q=0.1", "en"),
        ("", "", "fr-FR,fr;q=0.9", "en"),
        ("xx", "yy", ",;q=,zh;q=nonsense,*;q=1.2.3", "en"),
        ("", "", "", "en"),
    ],
)
def test_the_language_is_what_was_asked_for_or_kept_or_liked_best(
    wanted: str, kept: str, accepted: str, spoken: Language
) -> None:
    assert words.language(wanted, kept, accepted) == spoken


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        ("no skill is like it", "没有与之相似的技能"),
        ("the same job as ada/政府报告", "与 ada/政府报告 是同一类工作"),
        ("already covered by ada/report: it says so", "ada/report 已经涵盖：it says so"),
        ("rejected before by 03e89f73b4, in bob/email", "此前已被 03e89f73b4 拒绝（bob/email）"),
        ("nothing durable: small talk; nothing about how to work", "没有长期要求：闲聊；没有涉及做事方式"),
        ("不要用表格 (and 2 more)", "不要用表格（另有 2 条）"),
        ("back to 0.1.0", "恢复到 0.1.0"),
        ("no skill 'x'", "没有技能“x”"),
        (
            "no command '/x'; '/help' lists them\na space in front makes it a message",
            "没有命令“/x”；'/help' 列出所有命令\n前面加一个空格即作为消息发送",
        ),
        ("was once a rule", "was once a rule"),
        ("Sign it; from now on", "Sign it; from now on"),
    ],
)
def test_what_skillgit_has_recorded_is_told_in_the_language_of_the_page(said: str, chinese: str) -> None:
    assert words.told("zh", said) == chinese
    assert words.told("en", said) == said
