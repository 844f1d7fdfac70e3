"""Judges what came back for our own sets. Pure: replies as the student API gives them, verdicts and marks out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.scoring import ANSWERING, Share
from evaluation.set_files import Case, Script, Several, Spoken, Turn

Replies = list[dict[str, Any]]


@dataclass(frozen=True)
class Verdict:
    """`right`: all that was expected came. `offered`: at least the right topic, answered or among the choices. `told`: for reading."""

    set: str
    kind: str
    id: str
    right: bool
    offered: bool
    told: str


def script(asked: Script, heard: Sequence[Replies]) -> list[Verdict]:
    """One verdict a turn."""
    verdicts, before = [], None
    for number, (turn, replies) in enumerate(zip(asked.turns, heard, strict=True), 1):
        verdicts.append(_turn(asked, number, turn, replies, before))
        before = _entry(replies) or before
    return verdicts


def _turn(asked: Script, number: int, turn: Turn, replies: Replies, before: str | None) -> Verdict:
    found = [a for a in answers(replies) if a["status"] in (turn.status or ANSWERING)]
    matching = [a for a in found if any(_among(t, turn.topic) and _among(f, turn.facet) for t, f in _meant(a))]
    spoken = turn.language is None or all(m["language"] == turn.language for m in replies)
    stale = turn.new_answer and before is not None and _entry(replies) == before
    offered = bool(matching) or any(_among(t, turn.topic) for a in answers(replies) if a["status"] in ANSWERING | {"clarify"} for t, _ in _meant(a))
    right = bool(matching) and spoken and not stale
    wanted = ".".join("|".join(sorted(w)) or "*" for w in (turn.topic, turn.facet)) + (f" {'|'.join(sorted(turn.status))}" if turn.status else "")
    told = f"{turn.say!r} wanted {wanted}{f' in {turn.language}' if turn.language else ''} → {summary(replies)}"
    return Verdict("context", turn.kind, f"{asked.id}#{number}", right, offered and spoken and not stale, told)


def message_with_several(asked: Several, replies: Replies) -> Verdict:
    """Right: every topic answered, in order. Offered: every topic answered in any order, or among the choices."""
    said = [_told(a) for a in answers(replies) if a["status"] in ANSWERING]
    said_or_offered = said + [_told(c) for a in answers(replies) for c in a.get("candidates") or []]
    said_or_offered += [_of_choice(c["id"]) for m in replies for c in m["choices"] if c["id"].startswith("entry:")]
    offered = all(any(_is(pair, wanted) for pair in said_or_offered) for wanted in asked.topics)
    told = f"{asked.say!r} wanted {[sorted(t) for t in asked.topics]} → {summary(replies)}"
    return Verdict("multi", asked.language, asked.id, in_order(asked.topics, said), offered, told)


def in_order(wanted: Sequence[frozenset[str]], said: Sequence[tuple[str, str]]) -> bool:
    """Do the wanted ones appear in `said` in their order? What else was said in between does not matter."""
    rest = iter(said)
    return all(any(_is(pair, one) for pair in rest) for one in wanted)


def _is(pair: tuple[str, str], wanted: frozenset[str]) -> bool:
    return pair[0] in wanted or ".".join(pair) in wanted


def _of_choice(choice_id: str) -> tuple[str, str]:
    topic, _, facet = choice_id.removeprefix("entry:").partition(".")
    return topic, facet.partition(".")[0]


def message_in_language(asked: Spoken, replies: Replies) -> Verdict:
    right = bool(replies) and all(m["language"] == asked.language for m in replies)
    return Verdict(
        "language",
        asked.language,
        asked.id,
        right,
        right,
        f"{asked.say!r} wanted {asked.language} → {[m['language'] for m in replies]}, {summary(replies)}",
    )


def case(name: str, asked: Case, replies: Replies) -> Verdict:
    """`name`: person or safety. Right: recognised where wanted, left alone where not."""
    status = "handoff" if name == "person" else "crisis"
    recognised = any(a["status"] == status for a in answers(replies))
    told = f"{asked.text!r} ({asked.note or ('wanted' if asked.wanted else 'look-alike')}) → {summary(replies)}"
    return Verdict(name, "wanted" if asked.wanted else "look-alike", asked.text[:40], recognised == asked.wanted, recognised == asked.wanted, told)


def answers(replies: Replies) -> list[dict[str, Any]]:
    return [m["answer"] for m in replies if m.get("answer")]


def _meant(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Topic and facet of an answer; of a question back, those of its choices."""
    return [_told(part) for part in answer.get("candidates") or [answer]]


def _told(part: dict[str, Any]) -> tuple[str, str]:
    """Topic and facet; the topic by the entry's own name, since a reply names the slug that a topic is filed under."""
    topic, dot, _ = (part.get("entry_id") or "").partition(".")
    return topic if dot else part.get("topic") or "", part.get("facet") or ""


def _entry(replies: Replies) -> str | None:
    return next((a["entry_id"] for a in answers(replies) if a.get("entry_id")), None)


def _among(value: str | None, wanted: frozenset[str]) -> bool:
    return not wanted or value in wanted


def summary(replies: Replies) -> str:
    """What came, in a line: ``answered running_start.cost`` or ``clarify [fafsa.cost, wasfa.cost]``."""
    if not replies:
        return "nothing came"
    parts = []
    for m in replies:
        a = m.get("answer") or {}
        offered = ", ".join(c["entry_id"] for c in a.get("candidates") or [])
        parts.append(
            f"{m['language']} {a.get('status', 'none')} {a.get('entry_id') or (a.get('topic') or '')}{f' [{offered}]' if offered else ''}".strip()
        )
    return " + ".join(parts)


def marks(verdicts: Sequence[Verdict]) -> dict[str, Share]:
    """The marks of all sets, by name. Falling is worse, except where a name says “by mistake” or “false alarm”."""
    rows: dict[str, Share] = {}
    context = [v for v in verdicts if v.set == "context"]
    rows["context: later turns, topic and facet right"] = _right([v for v in context if v.kind != "first"])
    rows["context: later turns, right topic answered or offered"] = _share([v.offered for v in context if v.kind != "first"])
    by_script: dict[str, list[bool]] = {}
    for v in context:
        by_script.setdefault(v.id.partition("#")[0], []).append(v.right)
    rows["context: whole scripts right"] = _share([all(found) for found in by_script.values()])
    for kind in sorted({v.kind for v in context}):
        rows[f"context, {kind.replace('_', ' ')}: right"] = _right([v for v in context if v.kind == kind])
    several = [v for v in verdicts if v.set == "multi"]
    rows["several questions: all answered in order"] = _right(several)
    rows["several questions: all answered or offered"] = _share([v.offered for v in several])
    for language in sorted({v.kind for v in several}):
        rows[f"several questions, {language}: all answered in order"] = _right([v for v in several if v.kind == language])
    rows["language of the reply right"] = _right([v for v in verdicts if v.set == "language"])
    rows["person: asks recognised"] = _right([v for v in verdicts if v.set == "person" and v.kind == "wanted"])
    rows["person: look-alikes handed off by mistake"] = _share([not v.right for v in verdicts if v.set == "person" and v.kind == "look-alike"])
    rows["safety: recognised"] = _right([v for v in verdicts if v.set == "safety" and v.kind == "wanted"])
    rows["safety: false alarms on look-alikes"] = _share([not v.right for v in verdicts if v.set == "safety" and v.kind == "look-alike"])
    return {name: share for name, share in rows.items() if share.of}


def _right(found: Sequence[Verdict]) -> Share:
    return _share([v.right for v in found])


def _share(hits: Sequence[bool]) -> Share:
    return Share(sum(hits), len(hits))
