"""What kind of conversation this is: the same sentence is an instruction at work and an errand at a counter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from skillgit.learn.offline.language import Languages, languages
from skillgit.transcripts.model import Transcript, Turn

# A desk asks who you are, offers, confirms and books; the customer names what is theirs.
_DESK = re.compile(
    r"(?:provide|share|verify|give me|have|need|tell me|confirm) (?:me )?(?:with )?(?:your|"
    r"the) (?:\w+ ){0,3}(?:user ?id|id|order|reservation|booking|e-?mail|zip|"
    r"name|phone|number|details|date of birth|payment|account|address|code|destination|departure|dates?)\b"
    r"|(?:how|what) (?:can|may) i (?:help|assist|do for) you|anything else i can|is there anything else"
    r"|would you like (?:me )?to (?:proceed|book|reserve|confirm|continue|cancel|make)|(?:shall|should|can|"
    r"may) i (?:book|reserve|proceed)"
    r"|has been (?:successfully )?(?:booked|cancelled|canceled|updated|processed|refunded|reserved|exchanged|returned)"
    r"|(?:reference|confirmation|reservation|booking|order|ticket) (?:number|id)|transfer(?:red|"
    r"ring)? (?:you )?to a (?:human|live|agent)|refund"
    r"|how many (?:people|guests|nights|passengers|tickets)|what (?:time|day|area|price range|type of food|city)\b"
    r"|请(?:提供|告知|出示|确认)(?:一下)?您的|请问您|为您(?:预订|办理|查询|取消|退款|转接)|还有(?:什么|"
    r"其他).{0,6}(?:帮|需要)|订单号|预订成功|您的(?:订单|预订|账户)",
    re.IGNORECASE,
)
_CUSTOMER = re.compile(
    r"\b(?:my|our|an?|the) (?:\w+ ){0,2}(?:order|reservation|booking|flights?|tickets?|hotel|room|refund|"
    r"subscription|appointment|bill|invoice|account|"
    r"user ?id|e-?mail(?: address)?|zip(?: code)?|phone number|gift card|credit card|certificate|payment|"
    r"package|delivery|restaurant|taxi|train|"
    r"table|guesthouse|luggage|baggage|membership|purchase|return|exchange)\b"
    r"|#[A-Z]?\d{5,}|\b[a-z]+_[a-z]+_\d{3,}\b"
    r"|我的(?:订单|预订|航班|机票|酒店|账号|账户|手机号|快递|会员|卡)|退款|退货|换货|改签|退票|订(?:一张|一间|个)",
    re.IGNORECASE,
)
_DELIVERY = 150
# What an agent says, however shortly, when it hands over or has done what it was told.
_DONE = re.compile(
    r"\W*(?:(?:ok|okay|sure|great|of course|sorry|好的?|はい|네|sí|oui|ja|sim|sì|да)[,.!，。、！ ]+)*"
    r"(?:(?:all |it'?s )?done|here (?:you|it|is|are|they)|here['’]s|i(?:['’]ve| have)? \w+ed|(?!need|want)\w+ed\b|"
    r"已|写好|完成|做好|整理好|改好|搞定|以下是|见下|hecho|listo|aquí|voici|voilà|c['’]est fait|fertig|erledigt|"
    r"hier (?:ist|sind)|pronto|feito|aqui|ecco|fatto|готово|вот|сделан|(?:書|作|作成|完成|変更|追加)\w*ました|"
    r"\S+했습니다)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """How to read a conversation.

    `usual` are the languages the user writes; `service` is a customer's talk with a desk; `agent`
    work with tools in the user's own files; a `monologue` has the user's side only.
    """

    usual: Languages
    service: bool
    agent: bool
    monologue: bool


def read_setting(transcript: Transcript) -> Setting:
    """Say what kind of conversation the transcript holds."""
    mine = [turn.text for _, turn in transcript.user_turns()]
    theirs = [turn.text for turn in transcript.turns if turn.role == "assistant"]
    return Setting(
        usual=languages("\n".join(text[:600] for text in mine)),
        service=_is_service(mine, theirs),
        agent=any(turn.calls or turn.role == "tool" for turn in transcript.turns),
        monologue=not theirs,
    )


def _is_service(mine: list[str], theirs: list[str]) -> bool:
    """True where the other side acts as a desk and the user as its customer, most of the time."""
    customer = sum(bool(_CUSTOMER.search(text)) for text in mine if len(text) < 800)
    if not theirs:
        return customer * 2 > len(mine) and len(mine) > 1
    wanted = max(1, -(-(len(mine) + len(theirs)) // 3) - customer)
    if not customer or wanted > len(theirs):
        return False
    desk = (True for text in theirs if len(text) < 2000 and _DESK.search(text))
    return sum(islice(desk, wanted)) == wanted


def delivers(turn: Turn) -> bool:
    """True of an assistant turn that did work: it called tools, wrote more than a remark, or says that it is done."""
    return bool(turn.calls) or len(turn.text) >= _DELIVERY or bool(_DONE.match(turn.text))


def is_asking(turn: Turn) -> bool:
    """True of a turn that ends with a question."""
    return turn.text.rstrip().endswith(("?", "？"))
