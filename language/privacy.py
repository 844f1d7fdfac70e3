"""Secrets leave a message before it is stored or logged. Words around a number decide what it is; validators confirm it.

Ordinary figures (money, years, grades, credits, course and school codes, deadlines) stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import phonenumbers
from stdnum import luhn
from stdnum.us import itin

# Public lines are information, not somebody's number.
PUBLIC_LINES = frozenset({"988", "911", "211", "711", "411", "311"})

_LABELS = {
    "ssn": "social security number",
    "itin": "tax number",
    "card": "card number",
    "cvv": "card code",
    "passport": "passport number",
    "alien_number": "alien number",
    "password": "password",
    "bank": "bank number",
    "phone": "phone number",
    "email": "e-mail address",
    "address": "address",
    "birth_date": "birth date",
}


@dataclass(frozen=True)
class Masked:
    """`text` with each secret replaced, as in ``[password removed]``. `found`: the kinds, each once, in a fixed order."""

    text: str
    found: tuple[str, ...]


@dataclass(frozen=True)
class _Rule:
    """Group `secret` is replaced where `accept` agrees."""

    kind: str
    pattern: re.Pattern[str]
    accept: Callable[[str], bool] = bool


def _rule(kind: str, pattern: str, accept: Callable[[str], bool] = bool) -> _Rule:
    return _Rule(kind, re.compile(pattern, re.IGNORECASE | re.VERBOSE), accept)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _is_card(secret: str) -> bool:
    number = _digits(secret)
    return len(set(number)) > 1 and bool(luhn.is_valid(number))


def _is_secret_word(secret: str) -> bool:
    """A word said to be a password, unless it tells about the password ("my password is wrong")."""
    return secret.lower().rstrip(".,;:!?") not in _ABOUT_PASSWORDS


def _has_figure_or_sign(secret: str) -> bool:
    return _is_secret_word(secret) and any(not c.isalpha() for c in secret.rstrip(".,;:!?'\")"))


_ABOUT_PASSWORDS = frozenset(
    """not wrong incorrect expired invalid lost locked forgotten the a an too same no on in for required needed different my reset
    working being broken gone saved right correct weak strong safe private secret old new long short hard easy blocked disabled stolen
    hacked never always also still just so only something someone what it that this they case and or but if to because with
    supposed asking saying getting showing coming stuck missing unknown available important used changed
    incorrecta incorrecto mala malo equivocada invalida inválida vencida bloqueada la el un una que no para muy mi perdida olvidada
    difícil dificil segura secreta nueva vieja larga corta necesaria obligatoria correcta diferente distinta""".split()
)

_NINE = r"(?P<secret>\d{3}[-.\s]?\d{2}[-.\s]?\d{4})(?![\d-])"
_SOCIAL = r"(?:\bssn\b|\bs\.s\.n\.?|\bsocials?\b|\bss\s?\#|seguro\s+social|n[uú]mero\s+de\s+seguro|\bnss\b)"
_TAX = r"(?:\bitin\b|\btax\s?id\b|taxpayer)"
_SAID = r"(?:\s*(?:is|was|are|es|era|son|:|=|\#|number|no\.?|num\.?|n[uú]mero)\s*){0,3}\s*"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-zé]*"
_DATE = rf"(?:\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}|{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{1,2}}\s+(?:de\s+)?{_MONTH}\s+(?:de[l]?\s+)?\d{{4}})"

_NUMBERS = (
    _rule(
        "card",
        r"(?<![\d.$])(?P<secret>\d{13,19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?|\d{4}[ -]\d{6}[ -]\d{4,5}|\d(?:[ -]\d){12,18})(?!\d)",
        _is_card,
    ),
    _rule("card", r"(?:\bcard|tarjeta|visa|mastercard|amex|d[eé]bito|debit)[^\d\n\[\]]{0,25}(?P<secret>\d(?:[ -]?\d){12,18})(?!\d)"),
    _rule("cvv", r"\b(?:cvv2?|cvc|security\s+code|c[oó]digo\s+de\s+seguridad)[^\w\n\[\]]{0,3}(?:is|es)?\s*(?P<secret>\d{3,4})\b"),
    _rule("itin", rf"(?<![\d-]){_NINE}", lambda secret: bool(re.search(r"\D", secret)) and bool(itin.is_valid(_digits(secret)))),
    _rule("itin", rf"{_TAX}[^\d\n\[\]]{{0,30}}{_NINE}"),
    _rule("ssn", r"(?<![\d$.-])(?P<secret>\d{3}-\d{2}-\d{4}|\d{3}\s\d{2}\s\d{4}|\d{3}\.\d{2}\.\d{4})(?!\d)"),
    _rule("ssn", rf"{_SOCIAL}[^\d\n\[\]]{{0,40}}{_NINE}"),
    _rule("ssn", rf"(?<!\d){_NINE}(?=[^\d\n\[\]]{{0,15}}{_SOCIAL})"),
    _rule("ssn", rf"(?:last|[uú]ltimos)\s+(?:4|four|cuatro)[^\d\n\[\]]{{0,20}}{_SOCIAL}[^\d\n\[\]]{{0,10}}(?P<secret>\d{{4}})(?!\d)"),
    _rule(
        "alien_number",
        r"\b(?:alien|a-?number|uscis|n[uú]mero\s+(?:a|de\s+extranjero)|green\s+card)\b[^\d\n\[\]]{0,20}(?P<secret>a?-?\d{3}[- ]?\d{3}[- ]?\d{2,3})(?!\d)",
    ),
    _rule("alien_number", r"(?<!\w)(?P<secret>a[-\#]?\s?\d{3}[- ]\d{3}[- ]\d{3}|a[-\#]?\d{8,9})(?!\w)"),
    _rule("passport", r"\b(?:passport|pasaporte)\b[^\d\n\[\]]{0,20}?(?P<secret>\b[a-z]{0,2}\d{7,9})(?!\w)"),
    _rule(
        "bank",
        r"\b(?:routing|aba|account|acct|cuenta|iban)\b(?:[\s:#=.]|number|n[uú]mero|num\b|no\b|is\b|es\b|de\b|del\b|mi\b|my\b|bank|banco|bancaria|checking|savings|ahorros){0,9}(?P<secret>(?!20\d\d\b)\d(?:[ -]?\d){5,16})(?![\d-])",
    ),
    _rule(
        "birth_date",
        rf"\b(?:born|birthday|birth\s?date|birthdate|date\s+of\s+birth|dob|d\.o\.b\.?|nac[ií]|nacimiento|cumplea[nñ]os|birth)\b[^\d\n\[\]]{{0,20}}?(?P<secret>{_DATE})",
    ),
)
_CARD_DATE = _rule("card", r"\b(?:exp\w*|vence|vencimiento|valid\s+thru)\b[^\w\n\[\]]{0,3}(?P<secret>\d{1,2}\s?/\s?\d{2,4})(?!\d)")
_WORDS = (
    _rule("email", r"(?P<secret>(?<![\w.+%-])[\w.+%-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6})"),
    _rule(
        "password",
        r"\b(?:passwords?|passwd|pwd|passcode|contrase[nñ]a|clave)\b(?:\s+(?:for|to|de|para)\s+[\w ]{1,25}?)?\s*(?:is|was|es|era|:|=)+\s*[\"'“]?(?P<secret>[^\s\[\]\"”]{2,63}[^\s\[\]\"”.,;:?])",
        _is_secret_word,
    ),
    _rule(
        "password",
        r"\b(?:passwords?|passwd|pwd|passcode|contrase[nñ]a|clave)\s+[\"'“]?(?P<secret>[^\s\[\]\"”]{4,64})",
        lambda s: _has_figure_or_sign(s) and any(c.isdigit() for c in s),
    ),
    _rule("password", r"\b(?:pin|nip|save\s+key)\b" + _SAID + r"(?P<secret>\d{4,8})(?!\w)"),
    _rule(
        "password",
        r"\b(?:fsa\s?id|fsa\s+username|username|user\s?name|usuario|login)\b(?:\s+(?:username|login|user))?\s*(?:is|es|:|=)+\s*(?P<secret>[^\s\[\]]{2,63}[^\s\[\].,;:?])",
        _has_figure_or_sign,
    ),
    _rule(
        "address",
        r"""(?<![\w$.-])(?P<secret>\d{1,6}(?:-\d+)?\s(?:(?:n|s|e|w|ne|nw|se|sw|north|south|east|west)\.?\s)?
        (?:(?!(?:in|on|the|of|at|for|and|or|to|my|a|credits?|classes|years?|hours|days|weeks|from|is|en|de|la|el)\s)[\w'.]{1,20}\s){1,3}
        (?:street|st|avenue|ave|boulevard|blvd|road|rd)\b\.?(?:\s(?:n|s|e|w|ne|nw|se|sw)\b)?(?:,?\s(?:apt|unit|apartment|\#)\.?\s?\w{1,6})?)""",
    ),
    _Rule(
        "address",
        re.compile(
            r"(?<![\w$.-])(?P<secret>\d{2,6} (?:(?:N|S|E|W|NE|NW|SE|SW)\.? )?(?:[A-Z][\w'.]{1,20} |\d{1,3}(?:st|nd|rd|th) ){1,3}(?:Drive|Dr|Lane|Ln|Court|Ct|Way|Place|Pl|Circle|Cir|Terrace|Parkway|Pkwy|Loop|Highway|Hwy)\b\.?(?: (?:N|S|E|W|NE|NW|SE|SW)\b)?(?:,? (?:Apt|Unit|apt|unit|#)\.? ?\w{1,6})?)"
        ),
    ),
    _rule(
        "address",
        r"\b(?:vivo\s+en(?:\s+la)?|direcci[oó]n(?:\s+es)?:?|my\s+address\s+is:?)\s+(?P<secret>(?:calle|avenida|av\.?)?\s?[\w' .]{0,30}?\d{2,6}(?:\s[\w'.]{1,20}){0,3})",
    ),
)
_SHORT_PHONE = _rule(
    "phone",
    r"\b(?:phone|cell|call|text|reach|number|tel[eé]fono|cel|celular|ll[aá]mame|whatsapp)\b[^\d\n\[\]]{0,25}(?P<secret>\d{3}[-. ]\d{4})(?![\d-])",
)


def mask(text: str, public: Iterable[str] = ()) -> Masked:
    """`text` without its secrets. `public`: phone numbers and e-mail addresses that may stay, in any spelling.

    Masking twice is masking once. Text without digits, "@" or a word like "password" comes back unchanged.
    """
    allowed = frozenset(_known_as(item) for item in (*PUBLIC_LINES, *public))
    found: set[str] = set()
    before = None
    while text != before:  # one secret gone can lay another bare
        before, text = text, _mask_once(text, allowed, found)
    return Masked(text, tuple(kind for kind in _LABELS if kind in found))


def _known_as(contact: str) -> str:
    return contact.lower() if "@" in contact else _digits(contact)[-10:]


def _mask_once(text: str, allowed: frozenset[str], found: set[str]) -> str:
    for rule in _NUMBERS:
        text = _apply(rule, text, allowed, found)
    if _label("card") in text:  # without a card beside it, "vence 01/30" is a deadline
        text = _apply(_CARD_DATE, text, allowed, found)
    for rule in _WORDS:
        text = _apply(rule, text, allowed, found)
    for match in reversed(list(phonenumbers.PhoneNumberMatcher(text, "US"))):
        if _known_as(match.raw_string) not in allowed:
            found.add("phone")
            text = text[: match.start] + _label("phone") + text[match.end :]
    return _apply(_SHORT_PHONE, text, allowed, found)


def _apply(rule: _Rule, text: str, allowed: frozenset[str], found: set[str]) -> str:
    def replace(match: re.Match[str]) -> str:
        secret = match["secret"]
        if not rule.accept(secret) or (rule.kind in ("email", "phone") and _known_as(secret.rstrip(".")) in allowed):
            return match[0]
        found.add(rule.kind)
        start, end = match.start("secret") - match.start(), match.end("secret") - match.start()
        return match[0][:start] + _label(rule.kind) + match[0][end:]

    return rule.pattern.sub(replace, text)


def _label(kind: str) -> str:
    return f"[{_LABELS[kind]} removed]"
