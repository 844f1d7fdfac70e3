"""Counts of what the knowledge base holds."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from knowledge.rendering import is_current
from knowledge.schema import LANGUAGES
from knowledge.snapshot import Snapshot


def report(snapshot: Snapshot, today: dt.date) -> dict[str, Any]:
    """One object of counts; `by_topic` holds entries and phrasings a topic, `by_facet` entries a facet."""
    entries = snapshot.entries.values()
    by_topic: dict[str, dict[str, int]] = {}
    for entry in entries:
        row = by_topic.setdefault(entry.topic, {"entries": 0, "en": 0, "es": 0})
        row["entries"] += 1
        for language in LANGUAGES:
            row[language] += len(entry.phrasings.in_language(language))
    return {
        "topics": len(snapshot.topics),
        "entries": len(snapshot.entries),
        "facts": len(snapshot.facts),
        "sources": len(snapshot.sources),
        "occupations": len(snapshot.documents.get("occupation", {})),
        "programs": len(snapshot.documents.get("program", {})),
        "counties": len(snapshot.documents.get("county", {})),
        "organizations": len(snapshot.documents.get("organization", {})),
        "checklists": len(snapshot.checklists),
        "refusals": len(snapshot.refusals),
        "phrasings": {language: sum(row[language] for row in by_topic.values()) for language in LANGUAGES},
        "entries_without_spanish": sum(1 for e in entries if not (e.answer.es.strip() and e.question.es.strip() and e.phrasings.es)),
        "facts_without_source": sum(1 for f in snapshot.facts.values() if f.source not in snapshot.sources),
        "facts_expired": sum(1 for f in snapshot.facts.values() if not is_current(f, today)),
        "by_topic": dict(sorted(by_topic.items())),
        "by_facet": dict(sorted(Counter(e.facet.value for e in entries).items())),
    }


def table(report: dict[str, Any]) -> str:
    lines = [f"{name.replace('_', ' '):24} {value}" for name, value in report.items() if not isinstance(value, dict)]
    lines.append(f"{'phrasings':24} {report['phrasings']['en']} English, {report['phrasings']['es']} Spanish")
    lines += ["", f"{'topic':30} entries    en    es"]
    lines += [f"{topic:30} {row['entries']:7} {row['en']:5} {row['es']:5}" for topic, row in report["by_topic"].items()]
    lines += ["", *(f"{facet:30} {count:7}" for facet, count in report["by_facet"].items())]
    return "\n".join(lines)
