"""What occupations, programs, counties and organizations are. One CSV file a kind in content/pathways/.

A CSV cell is a string; a cell of several values holds them with ``;`` between. Words students see stand in both languages,
except proper names. Short closed words (type, cost, pay …) get their sentences from content/wording/pathways.yml.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, model_validator

from knowledge.schema import Document, Key, Line, Refers, Slug, Text, Url


def _split(value: Any) -> Any:
    """One value never holds a ``;``, so that a cell gives back what was written into it."""
    if isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        value = ";".join(value)
    return tuple(part.strip() for part in value.split(";") if part.strip()) if isinstance(value, str) else value


Names = Annotated[tuple[Line, ...], BeforeValidator(_split)]
Counties = Annotated[tuple[Annotated[Key, Refers("county")], ...], BeforeValidator(_split)]
Occupations = Annotated[tuple[Annotated[Key, Refers("occupation")], ...], BeforeValidator(_split)]


class Cluster(StrEnum):
    """A field of work. MANY: a place that teaches several fields."""

    MANUFACTURING = "advanced_manufacturing"
    AEROSPACE = "aerospace"
    AGRICULTURE = "agriculture"
    BUSINESS = "business"
    CLEAN_ENERGY = "clean_energy"
    CONSTRUCTION = "construction"
    EDUCATION = "education"
    ENGINEERING = "engineering"
    ENVIRONMENT = "environment"
    HEALTH = "health_sciences"
    TECHNOLOGY = "information_technology"
    LIFE_SCIENCES = "life_sciences"
    MARITIME = "maritime"
    PUBLIC_SAFETY = "public_safety"
    TRANSPORTATION = "transportation"
    MANY = "many"


class Credential(StrEnum):
    """What an occupation usually asks for at the start."""

    HIGH_SCHOOL = "high_school"
    CERTIFICATE = "certificate"
    APPRENTICESHIP = "apprenticeship"
    ASSOCIATE = "associate"
    BACHELOR = "bachelor"
    GRADUATE = "graduate"


class ProgramType(StrEnum):
    SKILL_CENTER = "skill_center"
    REGISTERED_APPRENTICESHIP = "registered_apprenticeship"
    YOUTH_APPRENTICESHIP = "youth_apprenticeship"
    PRE_APPRENTICESHIP = "pre_apprenticeship"
    CAREER_LAUNCH = "career_launch"
    CAREER_PREP = "career_prep"
    INTERNSHIP = "internship"
    CERTIFICATE = "certificate"
    ASSOCIATE = "associate"
    BAS = "bas"
    BACHELOR = "bachelor"


Cost = Literal["free", "school", "employer", "grant", "books", "college", "university", "private", "tribal", "flight", "unknown"]
Pay = Literal["paid", "part", "allowance", "ask", "unpaid", "unknown"]
Length = Literal["short", "medium", "long", "unknown"]
Region = Literal["US", "WA"]


class Occupation(Document):
    """`wage_usd`: median pay in dollars a year, never shown without its region and year. `wa_wage_usd`: Washington, 2022.

    `outlook_percent`: projected US change in jobs of its group, 2024 to 2034.
    """

    kind: ClassVar[str] = "occupation"
    id: Key
    title_en: Line
    title_es: Line
    aliases_en: Names = ()
    aliases_es: Names = ()
    cluster: Cluster
    credential: Credential
    wage_usd: int
    wage_region: Region
    wage_year: int
    wa_wage_usd: int | None = None
    outlook_percent: int | None = None
    source_url: Url
    checked_on: dt.date

    @property
    def title(self) -> Text:
        return Text(en=self.title_en, es=self.title_es)

    @property
    def needs_bachelor(self) -> bool:
        return self.credential in (Credential.BACHELOR, Credential.GRADUATE)


class Program(Document):
    """A place to learn. `length`: short is under a year, medium one to two years, long more; `length_en` says it exactly.

    `confirm`: the source is old or the money uncertain, so students are told to ask whether it still runs.
    `url`: where to look further, the provider's own page wherever one is known.
    """

    kind: ClassVar[str] = "program"
    id: Key
    name: Line
    aliases: Names = ()
    type: ProgramType
    provider: Line
    city: Line | None = None
    counties: Counties = ()
    area: Literal["county", "western", "northwestern", "north_central", "statewide", "online"] = "county"
    cluster: Cluster
    occupations: Occupations = ()
    length: Length = "unknown"
    length_en: Line | None = None
    length_es: Line | None = None
    cost: Cost = "unknown"
    pay: Pay = "unknown"
    entry: Slug | None = None
    high_school: bool = False
    confirm: bool = False
    url: Url | None = None
    checked_on: dt.date

    @model_validator(mode="after")
    def _stands_somewhere(self) -> Program:
        if bool(self.length_en) != bool(self.length_es):
            raise ValueError("length_en and length_es go together")
        if not self.counties and self.area not in ("statewide", "online"):
            raise ValueError("name the counties, or set area to statewide or online")
        return self


class County(Document):
    """`latitude`, `longitude`: of its largest town, for distances. `network_sure`: a source names the county itself."""

    kind: ClassVar[str] = "county"
    id: Slug
    name: Line
    seat: Line
    cities: Names
    adjacent: Counties
    latitude: float
    longitude: float
    stem_network: Line
    network_url: Url | None = None
    network_sure: bool = False


class Organization(Document):
    """An office, college or group students may turn to. `counties` is empty when it serves the whole state."""

    kind: ClassVar[str] = "organization"
    id: Key
    name: Line
    aliases: Names = ()
    type: Literal["agency", "college", "university", "private_college", "tribal_college", "stem_network", "apprenticeship", "nonprofit", "support"]
    city: Line | None = None
    counties: Counties = ()
    phone: Line | None = None
    email: Line | None = None
    url: Url
    about_en: Line
    about_es: Line
    confirm: bool = False
    checked_on: dt.date

    @property
    def about(self) -> Text:
        return Text(en=self.about_en, es=self.about_es)


TABLES: dict[str, type[Document]] = {"occupations": Occupation, "programs": Program, "counties": County, "organizations": Organization}
"""Kinds by the stem of their CSV file."""
