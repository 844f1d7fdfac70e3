"""content/pathways: complete, whole and fit to be shown."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from knowledge import content_files
from knowledge.pathways_places import counties, miles
from knowledge.pathways_schema import Cluster, County, Occupation, Organization, Program, ProgramType
from knowledge.schema import LANGUAGES
from knowledge.snapshot import Snapshot
from knowledge.vocabulary import terms_of
from language.gazetteer import Gazetteer

NOT_SHOWN = re.compile(
    r"liu233w|dokumen|cupdf|pdfslide|zbook|joomag|preview=|wecustomify|adventurelab|stage\.|dev\d?\.|beta|careerconnectwa\.org", re.IGNORECASE
)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return Snapshot.from_content(content_files.read_or_raise())


def test_there_is_enough(snapshot: Snapshot) -> None:
    assert len(snapshot.all(Occupation)) >= 110
    assert len(snapshot.all(Program)) >= 220
    assert len(snapshot.all(County)) == 39
    organizations = snapshot.all(Organization).values()
    assert sum(g.type == "college" for g in organizations) == 34
    assert sum(g.type == "university" for g in organizations) >= 6
    assert {p.type for p in snapshot.all(Program).values()} == set(ProgramType)


def test_adjacency_is_symmetric_and_known(snapshot: Snapshot) -> None:
    known = counties(snapshot)
    for county in known.values():
        assert county.adjacent, county.id
        for other in county.adjacent:
            assert county.id in known[other].adjacent, (county.id, other)
            assert miles(county, known[other]) < 160


def test_every_stem_network_serves_a_county_and_has_a_program(snapshot: Snapshot) -> None:
    networks = {c.stem_network for c in counties(snapshot).values()}
    reached = {counties(snapshot)[c].stem_network for p in snapshot.all(Program).values() for c in p.counties}
    assert networks == reached


def test_every_reference_exists(snapshot: Snapshot) -> None:
    for p in snapshot.all(Program).values():
        assert set(p.counties) <= set(counties(snapshot)), p.id
        assert set(p.occupations) <= set(snapshot.all(Occupation)), p.id
    for g in snapshot.all(Organization).values():
        assert set(g.counties) <= set(counties(snapshot)), g.id


def test_every_wage_has_region_and_year_and_every_title_spanish(snapshot: Snapshot) -> None:
    for o in snapshot.all(Occupation).values():
        assert o.wage_region in ("US", "WA")
        assert 2022 <= o.wage_year <= 2026
        assert 25_000 < o.wage_usd < 300_000
        assert o.title_es, o.id
        assert o.source_url.startswith("https://")


def test_every_closed_word_has_its_wording(snapshot: Snapshot) -> None:
    needed = {f"cluster_{c}" for c in Cluster} | {f"program_type_{t}" for t in ProgramType}
    for p in snapshot.all(Program).values():
        needed |= (
            {f"pathway_cost_{p.cost}"}
            | ({f"pathway_pay_{p.pay}"} if p.pay != "unknown" else set())
            | ({f"pathway_entry_{p.entry}"} if p.entry else set())
        )
        needed |= {f"pathway_area_{p.area}"} if p.area != "county" else set()
    for o in snapshot.all(Occupation).values():
        needed |= {f"compare_{part}_{o.credential}" for part in ("time", "cost", "credential", "next")}
    assert needed <= set(snapshot.wordings)
    for wording in needed:
        assert all(snapshot.wordings[wording].text.in_language(language) for language in LANGUAGES)


def test_no_address_that_must_not_be_shown(snapshot: Snapshot) -> None:
    shown = [p.url for p in snapshot.all(Program).values()] + [c.network_url for c in counties(snapshot).values()]
    shown += [g.url for g in snapshot.all(Organization).values()] + [o.source_url for o in snapshot.all(Occupation).values()]
    for url in filter(None, shown):
        assert not NOT_SHOWN.search(url), url
        assert urlsplit(url).netloc
    hidden = {s.url for s in snapshot.sources.values() if not s.show}
    assert not hidden & set(shown)


def test_an_unsure_network_has_no_link(snapshot: Snapshot) -> None:
    assert all(c.network_sure or not c.network_url for c in counties(snapshot).values())


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("classes in the Tri-Cities", "county", "Benton"),
        ("I live in Wenatchee", "county", "Chelan"),
        ("vivo en el condado de Grant", "county", "Grant"),
        ("is Tri-Tech Skills Center free", "program", "tri-tech-skills-center"),
        ("is Tri-Tech Skills Center free", "topic", "skills_center"),
        ("quiero ser plomero", "occupation", "plumber-pipefitter"),
        ("does YVC have that", "college", "yakima-valley-college"),
    ],
)
def test_names_are_found_in_messages(snapshot: Snapshot, text: str, label: str, value: str) -> None:
    assert (label, value) in {(m.label, m.value) for m in Gazetteer(terms_of(snapshot)).find(text)}


def test_everyday_words_are_no_places(snapshot: Snapshot) -> None:
    found = Gazetteer(terms_of(snapshot)).find("can I use a grant to buy an island, says king Lewis at the health center program")
    assert not [m for m in found if m.label in ("county", "organization", "program")]


COLLEGES = """
Bates Technical; Bellevue; Bellingham Technical; Big Bend; Cascadia; Centralia; Clark; Clover Park Technical; Columbia Basin; Edmonds; Everett;
Grays Harbor; Green River; Highline; Lake Washington; Lower Columbia; North Seattle; Olympic; Peninsula; Pierce College Fort Steilacoom;
Pierce College Puyallup; Renton Technical; Seattle Central; Shoreline; Skagit Valley; South Puget Sound; South Seattle; Spokane Community;
Spokane Falls; Tacoma Community; Walla Walla Community; Wenatchee Valley; Whatcom; Yakima Valley
"""
UNIVERSITIES = "University of Washington; Washington State University; Western Washington; Central Washington; Eastern Washington; Evergreen State"


@pytest.mark.parametrize(("type_", "listed"), [("college", COLLEGES), ("university", UNIVERSITIES)])
def test_every_public_college_and_university_is_there_by_name(snapshot: Snapshot, type_: str, listed: str) -> None:
    names = [" ".join((g.name, *g.aliases)) for g in snapshot.all(Organization).values() if g.type == type_]
    assert [wanted for wanted in re.split(r";\s*", listed.strip()) if not any(wanted in name for name in names)] == []


def test_no_field_of_work_is_almost_empty(snapshot: Snapshot) -> None:
    programs, jobs = snapshot.all(Program).values(), snapshot.all(Occupation).values()
    for cluster in Cluster:
        assert sum(p.cluster is cluster for p in programs) >= 5, cluster
        assert cluster is Cluster.MANY or any(o.cluster is cluster for o in jobs), cluster
