"""Pathway wordings with their ``<names>`` filled in, one language at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from knowledge import composing
from knowledge.pathways_places import counties
from knowledge.pathways_schema import Cluster, Occupation, Program
from knowledge.replies import Choice
from knowledge.schema import Language
from knowledge.snapshot import Snapshot


@dataclass(frozen=True)
class Words:
    """What the pathway replies say, in `language`, on the day `today`."""

    snapshot: Snapshot
    language: Language
    today: dt.date

    def say(self, wording: str, **filled: str) -> str:
        text = composing.say(self.snapshot, wording, self.language, self.today)
        for name, value in filled.items():
            text = text.replace(f"<{name}>", value)
        return text

    def has(self, wording: str) -> bool:
        return wording in self.snapshot.wordings

    def sentence(self, wording: str, **filled: str) -> str:
        """The wording as a sentence of its own."""
        text = self.say(wording, **filled)
        return text[:1].upper() + text[1:]

    def county(self, county_id: str) -> str:
        return counties(self.snapshot)[county_id].name

    def field(self, cluster: Cluster | str) -> str:
        return self.say(f"cluster_{cluster}")

    def fields(self, clusters: tuple[Cluster, ...]) -> str:
        return ", ".join(self.field(c) for c in clusters)

    def job(self, occupation: Occupation | str) -> str:
        known = self.snapshot.all(Occupation)[occupation] if isinstance(occupation, str) else occupation
        return known.title.in_language(self.language)

    def wage(self, amount: int, region: str, year: int) -> str:
        """Pay is never said without its place and year."""
        return self.say("pathway_wage", amount=f"${amount:,}", region=self.say(f"pathway_region_{region.lower()}"), year=str(year))

    def length(self, p: Program) -> str:
        told = p.length_es if self.language == "es" else p.length_en
        return told or self.say(f"program_length_{p.type}" if self.has(f"program_length_{p.type}") else "program_length_unknown")

    def entries(self, *ids: str) -> list[Choice]:
        """Those entries that exist, as choices."""
        known = self.snapshot.entries
        return [composing.entry_choice(known[i], self.language) for i in dict.fromkeys(ids) if i in known]
