"""What a request is for: the operation and the deliverable, without the topic of this instance."""

from __future__ import annotations

import re
from dataclasses import dataclass

from skillgit.learn.offline.text import words


@dataclass(frozen=True, slots=True)
class Deliverable:
    """`noun` is the work product, `ask` how one asks for it; `coding` means a change to a repository.

    `title` names the job: the product where it is made, operation and object where one is worked on.
    """

    title: str
    ask: str
    noun: str = ""
    coding: bool = False


def deliverable(body: str, code: str) -> Deliverable | None:
    """The deliverable of a request, its lead taken off, in the language; None where it names none."""
    if code == "zh":
        return _chinese(body)
    return _verb_final(body, code) if code in {"ja", "ko"} else _verb_first(body, code)


# Languages that put the verb first: the noun phrase up to the first word that starts a topic.

_PREAMBLE = re.compile(
    r"^(?:(?:help me(?: to)?|i need(?: you to)?|i want(?: you to)?|i(?:'d| would) like(?: you)?(?: to)?|"
    r"let'?s|let us|next|now"
    r"|ayúdame a|necesito|quiero|aide[zr]?-moi à|je voudrais|ich (?:brauche|möchte)|preciso de|quero|vorrei|"
    r"ho bisogno di"
    r"|мне нужн\w+|помоги(?: мне)?)[\s,]+)+",
    re.IGNORECASE,
)
_PARTICLES = words("up out down together with me us mir uns moi nous mi a come jetzt ahora maintenant мне нам")
_DETERMINERS = words(
    "a an the my our your this that these those some another one two three several any more its un una "
    "unos unas el la los las mi este esta une le les des du de ce cette mon ma ein eine einen einer einem "
    "der die das den dem mein meine um uma o os as meu minha il lo gli i questo questa"
)
_TOPIC = words(
    "about on for regarding concerning that which who with using in of to from based where when so and by "
    "at as into over like explaining describing between titled called named during after before within under "
    "if it how why what sobre acerca para que con en del al por sur pour qui avec dans à au aux über für zu "
    "mit auf im vom am zum zur com das dos ao pelo su sul sulla sulle sui sugli per che di dei della delle о "
    "об про для на по с"
)
_FILLER = words(
    "short long quick brief detailed simple small good nice complete full basic new comprehensive concise "
    "great little breve corto pequeño court bref kurze kurzer kurzen neue neuer petit petite nouveau "
    "nouvelle pequeno novo nuovo короткий новый небольшой"
)
_WRITING = words("write draft compose create generate produce prepare make give provide come need want like put set")
_MAKING = _WRITING | words(
    "build design develop draw escribe escríbeme crea genera redacta haz hazme prepara diseña "
    "dame écris rédige crée génère fais donne prépare schreib schreibe erstelle erstell mach mache gib "
    "escreva crie gere faça elabore scrivi fai dammi напиши создай сделай составь подготовь"
)
# Operations that name a job by themselves, whatever they are done to.
_WORKING = words("translate summarize summarise proofread explain analyze analyse review")
_CODING = words(
    "fix implement refactor debug add update remove rename run test deploy migrate install upgrade move delete "
    "change bump wire rewrite clean commit merge release"
)
# Operations whose object is this instance's data: the job is the drawing.
_DRAWING = words("plot graph chart visualize visualise")
_WORD = re.compile(r"[^\W_]+(?:['’/&.+#-][^\W_]+)*[+#]*")
_PHRASE_END = re.compile(r"[.!?:;\n(\"“«,]")
_MEASURE = re.compile(r"\d+(?:st|nd|rd|th)?(?:-\w+)*$", re.IGNORECASE)


def _verb_first(body: str, code: str) -> Deliverable | None:
    spoken = _WORD.findall(_PHRASE_END.split(_PREAMBLE.sub("", body), maxsplit=1)[0])
    if not spoken:
        return None
    verb = spoken[0].casefold().split("-")[0]
    if verb in _DETERMINERS:
        verb, spoken = "write" if code == "en" else "", ["", *spoken]
    if verb in _CODING:
        return Deliverable("", "", coding=True)
    if verb in _DRAWING:
        return Deliverable("Plot", "make a plot", "plot")
    noun = _noun_phrase(spoken[1:], code)
    if not noun:
        return Deliverable(verb[:1].upper() + verb[1:], verb) if verb in _WORKING else None
    if verb in _WRITING:
        verb = "write"
    title = noun if verb in _MAKING or not verb else f"{verb} {noun}"
    following = (word.casefold() for word in spoken[1:])
    determined = (
        next((word for word in following if word in _DETERMINERS or word not in _PARTICLES), "") in _DETERMINERS
    )
    article = _article(noun) if code == "en" and determined else ""
    return Deliverable(title[:1].upper() + title[1:], f"{verb} {article}{noun}".strip(), noun)


def _noun_phrase(spoken: list[str], code: str) -> str:
    kept: list[str] = []
    for word in spoken:
        low = word.casefold()
        if not kept and (low in _PARTICLES or low in _DETERMINERS):
            continue
        if low in _TOPIC or low in _DETERMINERS:
            break
        if low not in _FILLER and not _MEASURE.match(low):
            kept.append(low if word.istitle() and code != "de" else word)
    return " ".join(kept[-3:])


def _article(noun: str) -> str:
    if noun.endswith("s"):
        return ""
    return "an " if noun[0].casefold() in "aeiou" else "a "


# Chinese: verb, quantity, modifiers that end in 的, head.

_ZH_VERB = re.compile(
    r"^(?:再|来|先|现在|接下来|然后|接着|顺便|立即|马上|重新)*(?:帮我|帮忙|给我|为我|替我|帮|我想要?|我要|"
    r"我需要|幫我|給我)?"
    r"(?:再|来|看|把)?(?:用\s*[\w+#]+\s*)?"
    r"(?P<verb>撰写|编写|编(?=一|个|首)|起草|拟定|拟|制作|制定|绘制|画|生成|设计|规划|准备|提供|输出|给出|开发|实现|搭建|写|做|"
    r"出|寫|畫"
    r"|翻译|总结|概括|整理|统计|分析|解释|介绍|讲解|处理|优化|润色|改写|续写|扩写|缩写|比较|对比|评价|计算|推荐|查询|查找|查"
    r"|搜索|部署|运行|提交|安装|调试|重构|合并|更新|校对|检查|修改|修复|修|改|审|翻譯|總結|整理)?(?:一下|出|好)?"
)
_ZH_WRITING = words("撰写 编写 编 起草 拟定 拟 生成 提供 输出 给出 写 出 寫")
_ZH_MAKING = _ZH_WRITING | words("制作 制定 绘制 画 设计 规划 准备 开发 实现 搭建 做 畫")
_ZH_CODING = words("部署 运行 提交 安装 调试 重构 合并 修复")
_ZH_SOURCE = re.compile(r"^(?:根据|按照|基于|针对|这是|以下是|结合)[^，。]*[，,]\s*")
_ZH_TO = re.compile(r"^(?:帮我|麻烦)?把(?P<what>[^，。]{1,16}?)(?P<verb>翻译|总结|整理|润色|改写|转换)[^，。]*")
# A measure word stands behind a numeral or 这; a few also right behind the verb: 写个报告, but 项目 and 家庭 are nouns.
_ZH_QUANTITY = re.compile(
    r"^(?:(?:[一两二三四五六七八九十几这那该某]|\d+)(?:个|份|篇|张|封|段|首|条|套|幅|种|款|家|次|页|则|道|"
    r"本|部|场|項|项|則)(?!人|体|性|庭|校)"
    r"|个(?!人|体|性|案|税)|份(?!额|子)|篇(?!幅|章|目)|封(?!面|装|闭)|首(?=诗|歌|词)|张(?=图|海报|表|照)|段(?=文|代|话|介|说))"
)
_ZH_MEASURE = re.compile(
    r"^[\d一二两三四五六七八九十]+(?:个)?(?:周|天|日|月|年|小时|字|页|分钟|週|季度)(?!级|游|内)(?:的)?"
)
_ZH_END = re.compile(r"[，,。：:；;（(！!？?\n“\"「]|包括|并且|要求|用于|(?<=..)给")
_ZH_TOPIC = re.compile(r"^(?:关于|有关|針對|關於|针对).*的(?=.{2,})")
# Heads that name no job by themselves: they keep what stands before them.
_ZH_BARE = words("步骤 方法 内容 东西 部分 问题 版本 文字 文章 文本 材料 资料 方案 计划 数据 结果 建议 说明")
_ZH_CODE = re.compile(r"(?:代码|程序|脚本)$")
_ZH_LONGEST = 16


def _chinese(body: str) -> Deliverable | None:
    body = _ZH_SOURCE.sub("", _ZH_TO.sub(r"\g<verb>\g<what>", body))
    match = _ZH_VERB.match(body)
    verb = (match and match["verb"]) or "写"
    if verb in _ZH_CODING:
        return Deliverable("", "", coding=True)
    rest = _ZH_END.split(body[match.end() if match else 0 :], maxsplit=1)[0].strip()
    noun = _chinese_head(_ZH_MEASURE.sub("", _ZH_QUANTITY.sub("", rest)))
    if len(noun) < 2:
        return Deliverable(verb, verb) if len(verb) > 1 and verb not in _ZH_MAKING else None
    if verb in _ZH_WRITING:
        verb = "写"
    return Deliverable(noun if verb in _ZH_MAKING else f"{verb}{noun}", f"{verb}{noun}", noun)


def _chinese_head(phrase: str) -> str:
    """The product without its topic: 关于大模型的政府报告 is a 政府报告."""
    phrase = _ZH_TOPIC.sub("", phrase).strip()
    head = _ZH_QUANTITY.sub("", phrase.rpartition("的")[2])
    if code := _ZH_CODE.search(head):
        return code.group()
    if len(head) < 2 or (head in _ZH_BARE and len(phrase) <= _ZH_LONGEST):
        head = phrase.replace("的", "")
    return head[-_ZH_LONGEST:].strip()


# Japanese and Korean: the noun stands before its particle.

_OBJECT = {
    "ja": re.compile(r"(?:.*の)?(?P<noun>[^、。,\sの]{2,24})を"),
    "ko": re.compile(
        r"(?:.*(?:대한|관한|위한|에서) )?(?:이번 \S+ )?"
        r"(?P<noun>(?:\S+ ){0,1}\S+?)(?:(?:을|를|좀| 하나)\s|(?= (?:써|작성|만들어)))"
    ),
}


def _verb_final(body: str, code: str) -> Deliverable | None:
    match = _OBJECT[code].match(body)
    return Deliverable(match["noun"], match["noun"], match["noun"]) if match else None
