"""What a student tells of themselves along the way: grade, role, county. Pure. Corrected by whatever is said later."""

from __future__ import annotations

import re

from language.gazetteer import Mention
from language.normalise import fold

_GRADES = {
    "9": ("freshman", "9th grade", "ninth grade", "grade 9", "grado 9", "noveno"),
    "10": ("sophomore", "10th grade", "tenth grade", "grade 10", "10th grader", "grado 10", "decimo"),
    "11": ("junior", "11th grade", "eleventh grade", "grade 11", "11th grader", "grado 11", "once grado", "penultimo ano"),
    "12": ("senior", "12th grade", "twelfth grade", "grade 12", "12th grader", "grado 12", "ultimo ano", "ultimo grado"),
}
_I_AM = (
    r"(?:\b(?:i m|im|i am|i'm|i will be|i'll be|she's|he's|she is|he is|is|a|soy|estoy|esta|va|voy|en|in|entering|be a|as a|not|no)\b[\s\w]{0,18}?)"
)
_NOT_A_GRADE = r"(?!\s+(?:college|high|project|citizen|center|prom|apprentice))"  # “what is a junior college”
_GRADE = {grade: re.compile(rf"{_I_AM}\b(?:{'|'.join(forms)})\b{_NOT_A_GRADE}") for grade, forms in _GRADES.items()}
_PARENT = re.compile(
    r"\b(?:my (?:son|daughter|kid|child|boy|girl|grandson|granddaughter|stepson|stepdaughter)|i(?:'m| am|m) (?:a|the) (?:mom|mother|dad|father|parent|grandparent)|"
    r"mi (?:hij[oa]|nin[oa]|niet[oa])|soy (?:la |el )?(?:mama|papa|madre|padre|abuel[oa]))\b"
)
_STUDENT = re.compile(r"\b(?:i'?m|i am) (?:a|the) student\b|\bsoy (?:el |la )?estudiante\b")


def read(text: str, mentions: list[Mention], before: dict[str, str]) -> dict[str, str]:
    """`before` with what this message adds or corrects. Keys: grade ("9"–"12"), role (student, parent), county."""
    folded, told = fold(text), dict(before)
    spots = [(m.end(), grade) for grade, pattern in _GRADE.items() for m in pattern.finditer(folded)]
    if spots:
        told["grade"] = max(spots)[1]  # the last one said: “a junior, no wait, a sophomore”
    if _PARENT.search(folded):
        told["role"] = "parent"
    elif _STUDENT.search(folded):
        told["role"] = "student"
    counties = [m.value for m in mentions if m.label == "county"]
    if counties:
        told["county"] = counties[-1]
    return told
