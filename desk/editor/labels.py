"""What fields are called on the page, and a line of help where a name does not say enough. ``kind.field`` wins over ``field``."""

from __future__ import annotations

KIND_NAMES = {
    "entry": ("Entry", "Entries"), "topic": ("Topic", "Topics"), "fact": ("Fact", "Facts"), "source": ("Source", "Sources"),
    "program": ("Program", "Programs"), "occupation": ("Occupation", "Occupations"), "organization": ("Organization", "Organizations"),
    "county": ("County", "Counties"), "checklist": ("Checklist", "Checklists"), "refusal": ("Refusal", "Refusals"),
    "wording": ("Wording", "Wordings"),
}  # fmt: skip

LABELS = {
    "id": "Name (id)",
    "url": "Web address",
    "see_also": "What to ask next",
    "person_helps": "Offer a person after this answer",
    "phrasings": "Ways students ask this",
    "checked_on": "Checked on",
    "valid_until": "Valid until",
    "as_of": "As of",
    "show": "Show it to students",
    "official": "Published by the body that runs the program",
    "confirm": "Uncertain: tell students to ask first",
    "high_school": "Open to high school students",
    "wa_wage_usd": "Pay in Washington, dollars a year",
    "wage_usd": "Pay, dollars a year",
    "wage_region": "Region of that pay",
    "wage_year": "Year of that pay",
    "outlook_percent": "Change in jobs, percent",
    "have_ready": "What to have ready",
    "network_sure": "A source names the county itself",
    "source_url": "Source, web address",
    "refusal.names": "Names that alone mean this",
    "refusal.unless": "Names that take that back",
    "occupation.credential": "Usually asked at the start",
    "step.id": "Short name",
    "step.link": "Link (a fact)",
}

HINTS = {
    "id": "Small letters, digits and _ or -; it never changes later.",
    "entry.id": "Leave empty: it is made of topic and facet. Add a word after it if the topic has such an entry already.",
    "phrasings": "One a line, as students write them.",
    "aliases": "One a line: what students call it.",
    "aliases_en": "One a line.",
    "aliases_es": "One a line.",
    "cities": "One a line.",
    "sources": "One a line, the first three are shown.",
    "see_also": "Up to three entries, one a line.",
    "text": "A fact is named in braces, like {fafsa.opens}.",
    "answer": "A fact is named in braces, like {fafsa.opens}. A part in [[double brackets|or else this]] falls away when its fact is out of date.",
    "valid_until": "After this day it is not told to students until somebody checks it. A date needs one.",
    "fact.as_of": "The year or day the figure is of, like 2026-27.",
    "owner": "Who keeps it true.",
    "value": "A plain number, a day, or a line. Fill the languages instead where the words differ.",
    "place": "here: naming it means Washington. between: questions name other states too.",
    "program.area": "statewide or online need no counties.",
    "group": "Where it is used.",
    "checklist.audience": "For whom, in a few words.",
    "confirm": "Students are told to ask whether it still runs.",
}
