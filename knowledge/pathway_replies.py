"""From a wish or two jobs to the reply a student reads: text that stands alone, cards or a table, what to do next."""

from __future__ import annotations

import datetime as dt

from knowledge import pathways
from knowledge.composing import human_choice
from knowledge.pathways import Side
from knowledge.pathways_cards import card, item, program_source
from knowledge.pathways_places import counties
from knowledge.pathways_schema import Cluster, Occupation, ProgramType
from knowledge.pathways_wishes import Wish, widened
from knowledge.pathways_words import Words
from knowledge.replies import Answer, AnswerStatus, Card, Choice, Reply, ShownSource, Table
from knowledge.schema import Language
from knowledge.snapshot import Snapshot

SHOWN = 5
T = ProgramType
_FURTHER: dict[ProgramType, str] = {
    T.REGISTERED_APPRENTICESHIP: "apprenticeship.how_to_apply",
    T.YOUTH_APPRENTICESHIP: "youth_apprenticeship.how_to_apply",
    T.PRE_APPRENTICESHIP: "pre_apprenticeship.how_to_apply",
    T.SKILL_CENTER: "skills_center.how_to_apply",
    T.CERTIFICATE: "certificates.how_to_apply",
    T.ASSOCIATE: "community_college.how_to_apply",
    T.CAREER_LAUNCH: "community_college.how_to_apply",
    T.BAS: "community_college.how_to_apply",
    T.BACHELOR: "bachelors_degree.how_to_apply",
}


def found_reply(snapshot: Snapshot, wish: Wish, language: Language, today: dt.date) -> Reply:
    """Programs for a wish. If nothing fits all of it, what was let go is said first."""
    words = Words(snapshot, language, today)
    found, let_go = pathways.find(snapshot, wish, SHOWN), []
    for name, wider in () if found else widened(wish):
        let_go.append(name)
        if found := pathways.find(snapshot, wider, SHOWN):
            break
    if not found:
        choices = [*words.entries("career_exploration.options.quiz", "choosing_pathway.options"), human_choice(snapshot, language, today)]
        return _reply(snapshot, words.say("pathway_none"), language, _topic(wish), "options", choices=choices)
    lines = [words.say(f"pathway_widened_{let_go[-1]}")] if let_go else []
    lines.append(_introduction(words, wish, with_county="county" not in let_go))
    items = [item(words, number, f) for number, f in enumerate(found, 1)]
    ending = [words.say("pathway_check")]
    if wish.county and (county := counties(snapshot)[wish.county]).network_sure:
        ending.insert(0, words.say("pathway_network", county=county.name, network=county.stem_network))
    text, brief = "\n\n".join([*lines, *items, *ending]), "\n\n".join([*lines, *ending])
    further = words.entries(*(_FURTHER[f.program.type] for f in found if f.program.type in _FURTHER), "washington_college_grant.eligibility")
    cards = [card(words, f) for f in found]
    reply = _reply(snapshot, text, language, _topic(wish), "where_offered", choices=further[:3], cards=cards, brief=brief)
    return _with_sources(reply, [program_source(words, f.program) for f in found if f.program.url])


def compare_reply(snapshot: Snapshot, a: str, b: str, language: Language, today: dt.date) -> Reply:
    """Two occupations by id, side by side."""
    words, made = Words(snapshot, language, today), pathways.compare(snapshot, a, b)
    sides = (made.a, made.b)
    intro = words.sentence("compare_intro", a=words.job(a), b=words.job(b))
    if not made.comparable:
        verdict = words.say("compare_different")
    else:
        verdict = words.say("compare_more", job=words.job(made.better_paid)) if made.better_paid else words.say("compare_same")
    ending = [verdict, words.say("compare_ending")]
    text = "\n\n".join([intro, *(_side_line(words, side) for side in sides), *ending])
    table = Table(columns=[words.say("compare_row_what"), words.job(a), words.job(b)], rows=_rows(words, sides))
    next_steps = (_CREDENTIAL_ENTRY.get(side.occupation.credential.value, "career_wages.wage") for side in sides)
    choices = words.entries(*next_steps, "choosing_pathway.compare.two_jobs", "career_wages.what_is")[:3]
    reply = _reply(snapshot, text, language, "career_wages", "compare", choices=choices, table=table, brief="\n\n".join([intro, *ending]))
    return _with_sources(reply, [_pay_source(words, side.occupation) for side in sides])


_CREDENTIAL_ENTRY = {
    "apprenticeship": "apprenticeship.how_to_apply", "certificate": "certificates.how_to_apply", "associate": "community_college.how_to_apply",
    "bachelor": "bachelors_degree.how_to_apply", "graduate": "bachelors_degree.how_to_apply",
}  # fmt: skip


def without_bachelor_reply(snapshot: Snapshot, clusters: tuple[Cluster, ...], language: Language, today: dt.date) -> Reply:
    """What pays best without a bachelor's degree, in all fields or some."""
    words, jobs = Words(snapshot, language, today), pathways.without_bachelor(snapshot, clusters)
    year = str(pathways.US_WAGES[1])
    intro = (
        words.sentence("no_bachelor_intro_field", field=words.fields(clusters), year=year) if clusters else words.say("no_bachelor_intro", year=year)
    )
    items = [
        words.sentence(
            "no_bachelor_item",
            job=words.job(o),
            wage=words.wage(o.wage_usd, o.wage_region, o.wage_year),
            credential=words.say(f"compare_credential_{o.credential}"),
        )
        for o in jobs
    ]
    text = "\n\n".join([intro, "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1)), words.say("no_bachelor_ending")])
    choices = words.entries("career_wages.what_is", "apprenticeship.how_to_apply", "choosing_pathway.options.no_college")
    reply = _reply(snapshot, text, language, "career_wages", "options", choices=choices)
    return _with_sources(reply, [_pay_source(words, o) for o in jobs])


def _introduction(words: Words, wish: Wish, with_county: bool) -> str:
    field = words.job(wish.occupation) if wish.occupation else words.fields(wish.clusters)
    county = words.county(wish.county) if wish.county and with_county else ""
    return words.say(
        f"pathway_found_{'field_near' if field and county else 'field' if field else 'near' if county else 'any'}", field=field, county=county
    )


def _side_line(words: Words, side: Side) -> str:
    credential = side.occupation.credential
    return words.say(
        "compare_side", job=words.job(side.occupation), time=words.say(f"compare_time_{credential}"), credential=words.say(f"compare_credential_{credential}"),
        wage=words.wage(side.wage, side.region, side.year),
    )  # fmt: skip


def _rows(words: Words, sides: tuple[Side, Side]) -> list[list[str]]:
    def row(name: str, *cells: str) -> list[str]:
        return [words.say(f"compare_row_{name}"), *cells]

    by_credential = [
        row(name, *(words.sentence(f"compare_{name}_{s.occupation.credential}") for s in sides)) for name in ("time", "cost", "credential", "next")
    ]
    rows = [*by_credential[:2], row("pay", *(words.wage(s.wage, s.region, s.year) for s in sides))]
    if all(s.occupation.wa_wage_usd for s in sides) and any(s.region != "WA" for s in sides):
        rows.append(row("pay_wa", *(words.wage(s.occupation.wa_wage_usd or 0, "WA", 2022) for s in sides)))
    if all(s.occupation.outlook_percent is not None for s in sides):
        rows.append(row("outlook", *(f"{s.occupation.outlook_percent:+d}%" for s in sides)))
    return [*rows, by_credential[2], row("programs", *(str(s.programs) for s in sides)), by_credential[3]]


def _pay_source(words: Words, o: Occupation) -> ShownSource:
    wording = "pathway_source_pay_wa" if o.wage_region == "WA" else "pathway_source_pay"
    return ShownSource(title=words.say(wording, job=words.job(o)), url=o.source_url, checked_on=o.checked_on)


def _topic(wish: Wish) -> str:
    """The topic a search stands for, so that a follow-up question leans on it."""
    kinds = {
        T.REGISTERED_APPRENTICESHIP: "apprenticeship",
        T.SKILL_CENTER: "skills_center",
        T.CERTIFICATE: "certificates",
        T.INTERNSHIP: "internships",
    }
    return next(
        (topic for kind, topic in kinds.items() if kind in wish.types),
        "healthcare_careers" if wish.clusters == (Cluster.HEALTH,) else "choosing_pathway",
    )


def _reply(
    snapshot: Snapshot,
    text: str,
    language: Language,
    topic: str,
    facet: str,
    choices: list[Choice],
    cards: list[Card] | None = None,
    table: Table | None = None,
    brief: str | None = None,
) -> Reply:
    answer = Answer(
        status=AnswerStatus.PATHWAY, topic=topic, facet=facet, cards=cards or [], table=table, brief=brief, knowledge_version=snapshot.version
    )
    return Reply(
        text=text,
        language=language,
        choices=choices,
        answer=answer,
        provenance={"version": snapshot.version, "cards": [c.title for c in cards or []]},
    )


def _with_sources(reply: Reply, sources: list[ShownSource]) -> Reply:
    """At most three sources, each address once."""
    once = list({s.url: s for s in reversed(sources)}.values())[::-1][:3]
    answer = (
        reply.answer.model_copy(update={"sources": once, "checked_on": min((s.checked_on for s in once), default=None)}) if reply.answer else None
    )
    return reply.model_copy(update={"answer": answer})
