"""Where a text says who somebody is: e-mail addresses, telephone, card, account and identity numbers.

What has a check digit is known by it. Telephone numbers are libphonenumber's to judge: with a country code anywhere,
Chinese and North American ones as they are written there, those of other countries behind a word such as `call`.
Addresses that are nobody's (`ada@example.com`, `git@github.com:`) are content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillgit.learn.secrets import Span, apart

_EMAIL = re.compile(r"(?<![\w.%+/-])[\w.%+-]{1,64}@(?:[A-Z0-9-]{1,63}\.){1,8}[A-Z]{2,24}(?![\w@]|:[/~])", re.I | re.A)
_NOBODYS = re.compile(
    r"""(?ix) (?:git|no-?reply|you|your|(?:your[-_.]?)?e?mail|user(?:name)?|name)@.*
    | .*@(?:.*\.)?(?:example(?:\.\w+)?|test|invalid|localhost|users\.noreply\.github\.com)
    | .*@(?:your)?(?:domain|company|email)\.com | .*\.(?:png|jpe?g|svg|gif|webp)"""
)
_CARD = re.compile(r"(?<![\w.-])(?:[3-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{1,4}|3[47]\d{2}([ -])\d{6}\2\d{5})(?![\w-])", re.A)
_IDENTITY = re.compile(
    r"(?<!\w)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX](?!\w)", re.A | re.I
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)", re.A)
_NUMBER = re.compile(r"(?<![\w.,$€£¥#/+-])(?:\+ ?)?\(?\d(?:\d|[ ().-]{1,2}(?=[\d(])){6,22}(?!\w|[%-]|[.,]\d)", re.A)
_DATE = re.compile(r"\d{4}([-. ])\d\d\1\d\d")
_AMERICAN = re.compile(r"\(\d{3}\) ?\d{3}[-. ]\d{4}|\d{3}([-.])\d{3}\1\d{4}")
_CHINESE = re.compile(r"1[3-9]\d{9}|1[3-9]\d([ -])\d{4}\1\d{4}|0\d{2,3}-\d{7,8}")
_ABOUT_PHONES = re.compile(
    r"(?i)(?:phone|mobile|whatsapp|\b(?:call|tel|cell|fax|sms|dial|text me)\b|电话|手机|联系|致电|拨打)[^\n]*$"
)
_COUNTRIES = ("US", "CN", "GB", "DE", "FR", "IN", "JP", "BR", "IT", "ES", "RU", "KR", "AU", "MX")


def personal(text: str) -> tuple[Span, ...]:
    """Every personal identifier of a text, in order; none overlaps another."""
    return apart((*_emails(text), *_checked(text), *_phones(text)))


def _emails(text: str) -> Iterator[Span]:
    if "@" in text:
        found = (match for match in _EMAIL.finditer(text) if not _NOBODYS.fullmatch(match[0]))
        yield from (Span(match.start(), match.end(), "email") for match in found)


def _checked(text: str) -> Iterator[Span]:
    for kind, shape, holds in (("card", _CARD, _luhn), ("identity", _IDENTITY, _mod_11), ("iban", _IBAN, _mod_97)):
        found = (match for match in shape.finditer(text) if holds(re.sub("[ -]", "", match[0])))
        yield from (Span(match.start(), match.end(), kind) for match in found)


def _luhn(number: str) -> bool:
    """Whether the last digit checks the others, as on a card; source: ISO/IEC 7812-1."""
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10


def _mod_11(number: str) -> bool:
    """Whether the last sign checks the others, as in a Chinese resident identity number; source: GB 11643-1999."""
    values = [10 if sign in "Xx" else int(sign) for sign in number]
    return sum(value * pow(2, place, 11) for place, value in enumerate(reversed(values))) % 11 == 1


def _mod_97(number: str) -> bool:
    """Whether the check digits are right, as in an IBAN; source: ISO 13616."""
    return int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1


def _phones(text: str) -> Iterator[Span]:
    for match in _NUMBER.finditer(text):
        if any(_is_valid(match[0], country) for country in _countries(match[0], text[: match.start()][-60:])):
            yield Span(match.start(), match.end(), "phone")


def _countries(number: str, before: str) -> tuple[str | None, ...]:
    """The countries whose telephone number it may be, given what stands before it; None where it says that itself."""
    if number.startswith("+") or _DATE.match(number):
        return (None,)
    if _ABOUT_PHONES.search(before):
        return _COUNTRIES
    written = {"US": _AMERICAN, "CN": _CHINESE}
    return tuple(country for country, shape in written.items() if shape.fullmatch(number))


def _is_valid(number: str, country: str | None) -> bool:
    import phonenumbers  # 15 ms; most texts hold no number that may be one

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, country))
    except phonenumbers.NumberParseException:
        return False
