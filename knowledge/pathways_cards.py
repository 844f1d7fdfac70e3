"""One found program, as a line of text and as a card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from knowledge.pathways_fit import Found, Reason
from knowledge.pathways_schema import Occupation, Program
from knowledge.pathways_words import Words
from knowledge.replies import Card, Detail, DetailKind, ShownSource

MANY_CITIES = 3


def _place(words: Words, p: Program) -> str:
    if p.city and p.city.count(",") >= MANY_CITIES:
        return f", {words.say('pathway_area_several')}"
    where = p.city or (words.say(f"pathway_area_{p.area}") if p.area != "county" else ", ".join(map(words.county, p.counties)))
    return f", {where}"


def _why(words: Words, reasons: Iterable[Reason]) -> str:
    """The reasons as one sentence; an unknown length is said beside the type already."""
    said = [_reason(words, r) for r in reasons if r.code != "length_unknown"]
    text = "; ".join(said)
    return text[:1].upper() + text[1:] + "." if text else ""


def _reason(words: Words, reason: Reason) -> str:
    match reason.code:
        case "same_county" | "near_county":
            return words.say(f"pathway_why_{reason.code}", county=words.county(reason.about or ""))
        case "region":
            return words.say("pathway_why_region", place=words.say(f"pathway_area_{reason.about}"))
        case "field" | "related":
            return words.say(f"pathway_why_{reason.code}", field=words.field(reason.about or ""))
        case code:
            return words.say(f"pathway_why_{code}")


def item(words: Words, number: int, f: Found) -> str:
    p = f.program
    return words.say(
        "pathway_item", number=str(number), name=p.name, provider=p.provider, place=_place(words, p), type=words.say(f"program_type_{p.type}"),
        length=words.length(p), cost=words.say(f"pathway_cost_{p.cost}"), why=_why(words, f.reasons),
    ).strip()  # fmt: skip


def card(words: Words, f: Found) -> Card:
    p = f.program
    details = list(_details(words, f))
    kind = words.say("pathway_line_type", type=words.say(f"program_type_{p.type}"), length=words.length(p))
    lines = [words.say("pathway_detail", label=d.label, value=d.value) for d in details if d.kind != "length"]
    subtitle = words.say("pathway_line_provider", provider=p.provider, place=_place(words, p))
    link = {"title": program_source(words, p).title, "url": p.url} if p.url else None
    return Card(title=p.name, lines=[subtitle, kind, *lines], link=link, subtitle=subtitle, details=details, checked_on=p.checked_on)


def _details(words: Words, f: Found) -> Iterator[Detail]:
    """What a student weighs, in the order of weight; what is not known is left out."""
    p = f.program

    def detail(kind: DetailKind, value: str) -> Detail:
        return Detail(kind=kind, label=words.say(f"pathway_label_{kind}"), value=value)

    if p.pay != "unknown":
        yield detail("pay", words.sentence(f"pathway_pay_{p.pay}"))
    yield detail("length", words.sentence("pathway_length", length=words.length(p), type=words.say(f"program_type_{p.type}")))
    yield detail("cost", words.sentence(f"pathway_cost_{p.cost}"))
    if p.entry:
        yield detail("entry", words.sentence(f"pathway_entry_{p.entry}"))
    for o in (words.snapshot.all(Occupation)[i] for i in p.occupations[:2]):
        yield detail("job", words.say("pathway_job", job=words.job(o), wage=words.wage(o.wage_usd, o.wage_region, o.wage_year)))
    yield detail("why", _why(words, f.reasons))


def program_source(words: Words, p: Program) -> ShownSource:
    url = p.url or ""
    lists = {"lni.wa.gov/arts": "pathway_link_arts", "ospi.k12.wa.us": "pathway_link_centers", "wsac.wa.gov": "pathway_link_grants"}
    title = next((words.say(wording) for part, wording in lists.items() if part in url), p.provider)
    return ShownSource(title=title, url=url, checked_on=p.checked_on)
