"""Structured questions a student could ask, with the answers they should get."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge import content_files
from knowledge.pathways import compare, find, without_bachelor
from knowledge.pathways_interests import interest_of, is_unsure, occupations_in
from knowledge.pathways_places import county_of, is_anywhere, is_near
from knowledge.pathways_schema import Cluster, ProgramType
from knowledge.pathways_wishes import KINDS, Wish, kind_in, length_in, wants_pay
from knowledge.snapshot import Snapshot


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return Snapshot.from_content(content_files.read_or_raise())


def ids(snapshot: Snapshot, wish: Wish, limit: int = 8) -> list[str]:
    return [f.program.id for f in find(snapshot, wish, limit)]


def test_1_health_care_near_yakima(snapshot: Snapshot) -> None:
    found = find(snapshot, Wish("yakima", (Cluster.HEALTH,)), 8)
    assert {"heritage-nursing", "yvc-radiologic-sciences", "yvc-associate-nursing", "yv-tech-skills-center"} <= {f.program.id for f in found[:5]}
    assert all(f.program.cluster in (Cluster.HEALTH, Cluster.MANY) for f in found)
    assert any("benton" in f.program.counties for f in found)
    assert not any({"king", "pierce", "spokane"} & set(f.program.counties) for f in found)
    assert {r.code for r in found[0].reasons} >= {"same_county", "field"}


def test_2_health_care_near_yakima_that_pays(snapshot: Snapshot) -> None:
    found = find(snapshot, Wish("yakima", (Cluster.HEALTH,), earn=True))
    assert found
    assert all(f.program.pay == "paid" and "paid" in {r.code for r in f.reasons} for f in found)
    assert "hcac-behavioral-health-technician" in [f.program.id for f in found]


def test_3_paid_apprenticeships_near_spokane(snapshot: Snapshot) -> None:
    found = find(snapshot, Wish("spokane", types=KINDS["apprenticeship"], earn=True), 6)
    assert sum("spokane" in f.program.counties for f in found) >= 5
    assert {"chas-health-apprenticeship", "inland-empire-electrical", "ironworkers-local-14"} <= {f.program.id for f in found}
    assert len({f.program.cluster for f in found}) >= 3


def test_4_welding_in_snohomish(snapshot: Snapshot) -> None:
    wanted = interest_of(snapshot, "welding")
    assert wanted.occupation == "welder"
    found = find(snapshot, Wish("snohomish", wanted.clusters, wanted.occupation))
    assert all("welder" in f.program.occupations for f in found)
    assert {"btc-welding", "bates-welding"} <= {f.program.id for f in found[:3]}


def test_5_under_a_year_near_vancouver(snapshot: Snapshot) -> None:
    county = county_of(snapshot, "Vancouver")
    assert county == "clark"
    found = find(snapshot, Wish(county, length="short"), 8)
    assert found
    assert all(f.program.length in ("short", "unknown") for f in found)
    assert all("length_unknown" in {r.code for r in f.reasons} for f in found if f.program.length == "unknown")
    assert not any(f.program.type in (ProgramType.ASSOCIATE, ProgramType.REGISTERED_APPRENTICESHIP, ProgramType.BACHELOR) for f in found)


def test_6_compare_electrician_and_plumber(snapshot: Snapshot) -> None:
    a, b = occupations_in(snapshot, "compare electrician/plumber")
    made = compare(snapshot, a, b)
    assert made.comparable
    assert (made.a.wage, made.a.region, made.a.year) == (62350, "US", 2024)
    assert made.better_paid is None
    assert made.a.programs > 5
    dentistry = compare(snapshot, "dental-hygienist", "dental-assistant")
    assert dentistry.better_paid is not None
    assert dentistry.better_paid.id == "dental-hygienist"


def test_figures_of_different_places_are_brought_to_one_or_not_compared(snapshot: Snapshot) -> None:
    made = compare(snapshot, "sterile-processing-technician", "nursing-assistant")
    assert made.comparable
    assert (made.a.region, made.b.region, made.b.year) == ("WA", "WA", 2022)
    made = compare(snapshot, "sterile-processing-technician", "avionics-technician")
    assert not made.comparable
    assert made.better_paid is None


def test_7_what_can_i_earn_without_a_bachelors(snapshot: Snapshot) -> None:
    jobs = without_bachelor(snapshot)
    assert jobs[0].id == "air-traffic-controller"
    assert "elevator-mechanic" in {o.id for o in jobs}
    assert not any(o.needs_bachelor for o in jobs)
    assert {(o.wage_region, o.wage_year) for o in jobs} == {("US", 2024)}
    assert {o.cluster for o in without_bachelor(snapshot, (Cluster.HEALTH,))} == {Cluster.HEALTH}


def test_8_farming_near_wenatchee(snapshot: Snapshot) -> None:
    found = ids(snapshot, Wish(county_of(snapshot, "wenatchee"), interest_of(snapshot, "farming").clusters))
    assert {"wvc-agriculture", "cascade-vet-lvt-apprenticeship", "wenatchee-valley-technical-skills-center"} <= set(found)


def test_9_a_free_start_in_construction_in_king_county(snapshot: Snapshot) -> None:
    found = find(snapshot, Wish("king", (Cluster.CONSTRUCTION,), types=KINDS["pre_apprenticeship"], free=True))
    assert {"anew-pace", "anew-trades-rotation"} <= {f.program.id for f in found}
    assert all(f.program.cost in ("free", "employer") for f in found)


def test_10_a_bachelors_degree_in_computers_in_the_tri_cities(snapshot: Snapshot) -> None:
    found = ids(snapshot, Wish(county_of(snapshot, "Tri-Cities"), interest_of(snapshot, "computers").clusters, types=KINDS["bachelor"]))
    assert found[:2] == ["wsu-tricities-cybersecurity", "cbc-bas-cyber-security"]


def test_11_work_with_my_hands_anywhere(snapshot: Snapshot) -> None:
    wanted = interest_of(snapshot, "i want to work with my hands")
    assert set(wanted.clusters) == {Cluster.CONSTRUCTION, Cluster.MANUFACTURING, Cluster.TRANSPORTATION}
    assert find(snapshot, Wish(clusters=wanted.clusters))


def test_the_same_wish_gives_the_same_order(snapshot: Snapshot) -> None:
    assert ids(snapshot, Wish("king"), 40) == ids(snapshot, Wish("king"), 40)


def test_mountains_count(snapshot: Snapshot) -> None:
    assert is_near(snapshot, "yakima", "kittitas")
    assert is_near(snapshot, "king", "kitsap")
    assert not is_near(snapshot, "yakima", "pierce")
    assert not is_near(snapshot, "king", "chelan")


@pytest.mark.parametrize(
    ("text", "cluster"),
    [
        ("salud", Cluster.HEALTH), ("helth care", Cluster.HEALTH), ("nursng", Cluster.HEALTH), ("computers", Cluster.TECHNOLOGY), ("la computación", Cluster.TECHNOLOGY),
        ("cars", Cluster.TRANSPORTATION), ("animales", Cluster.AGRICULTURE), ("I like boats", Cluster.MARITIME), ("it", Cluster.TECHNOLOGY), ("ser maestra", Cluster.EDUCATION),
        ("construcción", Cluster.CONSTRUCTION), ("aviation", Cluster.AEROSPACE),
    ],
)  # fmt: skip
def test_interests_are_understood(snapshot: Snapshot, text: str, cluster: Cluster) -> None:
    assert cluster in interest_of(snapshot, text).clusters


def test_what_is_no_interest_is_none(snapshot: Snapshot) -> None:
    assert not interest_of(snapshot, "asdf qwer")
    assert not interest_of(snapshot, "help me find a program near me", asked=False)


@pytest.mark.parametrize(
    ("text", "cluster"),
    [
        ("criminal justice near Moses Lake", Cluster.PUBLIC_SAFETY),
        ("justicia criminal cerca de Olympia", Cluster.PUBLIC_SAFETY),
        ("business programs near Vancouver", Cluster.BUSINESS),
    ],
)
def test_a_field_named_in_a_whole_message_is_heard_without_being_asked_for(snapshot: Snapshot, text: str, cluster: Cluster) -> None:
    assert interest_of(snapshot, text, asked=False).clusters == (cluster,)
    assert is_unsure("I'm not sure")
    assert is_unsure("no sé")


@pytest.mark.parametrize(
    ("text", "county"),
    [("yakama", "yakima"), ("wenatchie", "chelan"), ("Grant", "grant"), ("Pasco", "franklin"), ("condado de King", "king"), ("Mars", None)],
)
def test_places_are_understood(snapshot: Snapshot, text: str, county: str | None) -> None:
    assert county_of(snapshot, text) == county


def test_a_grant_is_not_a_county(snapshot: Snapshot) -> None:
    assert county_of(snapshot, "I need a grant", alone=False) is None
    assert is_anywhere("donde sea")
    assert is_anywhere("Anywhere!")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("6 months", "short"),
        ("two years", "medium"),
        ("menos de un año", "short"),
        ("Up to two years", "medium"),
        ("cuatro años o más", "long"),
        ("me da igual", "any"),
        ("blue", None),
    ],
)
def test_lengths_are_understood(text: str, length: str | None) -> None:
    assert length_in(text) == length


def test_pay_and_kind_are_understood() -> None:
    assert wants_pay("programs that pay while I learn")
    assert wants_pay("un aprendizaje pagado")
    assert not wants_pay("how do I pay for college")
    assert kind_in("find me a pre-apprenticeship") == "pre_apprenticeship"
    assert kind_in("búscame un aprendizaje") == "apprenticeship"


def test_far_skills_centers_do_not_fill_up_what_is_found_without_a_place(snapshot: Snapshot) -> None:
    wish = Wish(clusters=(Cluster.PUBLIC_SAFETY,), occupation="firefighter")
    found = find(snapshot, wish, 50)
    assert found and not any(f.program.type is ProgramType.SKILL_CENTER for f in found)
    near = find(snapshot, replace(wish, county="spokane"), 50)
    assert any(f.program.type is ProgramType.SKILL_CENTER for f in near), "near the student they teach many fields"
    asked = find(snapshot, replace(wish, types=KINDS["skills_center"]), 50)
    assert asked and all(f.program.type is ProgramType.SKILL_CENTER for f in asked)
