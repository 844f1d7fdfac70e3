from __future__ import annotations

import datetime as dt
import json
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from evaluation import confusion, report, report_page, scoring
from evaluation.questions import OUT_OF_SCOPE
from tests.unit.evaluation.examples import line, question, reply

ASKED = [
    question("1"),
    question("2", "is <b>wasfa</b> & fafsa the same?", "wasfa", "compare", language="es", voice="informal"),
    question("3", "what is the weather", "oos", "other", domain=OUT_OF_SCOPE),
    question("4", "never asked"),
]
REPLIES = {
    "1": line("1", reply()),
    "2": line("2", reply("answered", "loans.cost")),
    "3": line("3", reply("answered", "fafsa.cost")),
}
VOID = {"meta", "rect", "br", "hr", "input", "link", "img"}


class Reader(HTMLParser):
    """Every opened element is closed; what would be fetched is remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.fetched += [v or "" for k, v in attrs if k in {"src", "srcset", "data"} or (k == "href" and not (v or "").startswith("#"))]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def made() -> report.Report:
    return report.make(ASKED, REPLIES, dt.date(2026, 11, 23))


def test_only_questions_that_were_asked_count() -> None:
    assert made().questions == 3


def test_marks_are_those_of_the_score_table() -> None:
    judged = [scoring.judge(q, REPLIES[q.id]) for q in ASKED[:3]]
    table = scoring.table(judged)
    assert made().marks.items() <= table.items()
    assert "confidently wrong topic" in made().marks


def test_every_part_is_told_by_its_values() -> None:
    parts = made().parts
    assert set(parts) == {"domain", "voice", "origin", "language"}
    assert parts["language"]["es"]["confidently wrong"] == scoring.Share(1, 1)
    assert parts["domain"][OUT_OF_SCOPE]["out of scope not answered"] == scoring.Share(0, 1)


def test_confusions_are_wrong_topics_and_answers_out_of_scope() -> None:
    assert made().confused == {("out of scope", "fafsa"): 1, ("wasfa", "loans"): 1}


def test_a_question_back_without_the_right_topic_is_a_confusion_too() -> None:
    judged = scoring.judge(question(), line("q1", reply("clarify", None, candidates=("loans.cost",))))
    assert confusion.confused([judged]) == {("fafsa", "asked back"): 1}


def test_the_figures_are_json_with_intervals(tmp_path: Path) -> None:
    report.write(made(), tmp_path)
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert data["knowledge_version"] == "v1"
    assert data["made_on"] == "2026-11-23"
    assert {"hits", "of", "value", "low", "high"} == set(data["marks"]["confidently wrong topic"])
    assert [m["id"] for m in data["misses"]] == ["2", "3"]


def test_the_page_is_whole_and_fetches_nothing() -> None:
    reader = Reader()
    reader.feed(report_page.page(made()))
    assert reader.open == []
    assert reader.fetched == []
    assert not {"script", "link", "img", "iframe"} & set(reader.seen)
    assert reader.seen.count("h1") == 1


def test_questions_are_shown_as_text_never_as_markup() -> None:
    page = report_page.page(made())
    assert "is &lt;b&gt;wasfa&lt;/b&gt; &amp; fafsa the same?" in page
    assert "<b>wasfa" not in page


def test_the_picture_is_svg_with_a_name_and_a_square_a_pair() -> None:
    tree = ElementTree.fromstring(confusion.picture(confusion.confused([scoring.judge(q, REPLIES[q.id]) for q in ASKED[:3]])))
    assert tree.get("role") == "img"
    assert tree.find("title") is not None
    assert "wasfa → loans: 1" in (tree.findtext("desc") or "")
    assert len(tree.findall("rect")) == 4
    assert [t.text for t in tree.findall("text") if t.get("class")] == ["1", "1"]


def test_a_run_without_a_fault_says_so() -> None:
    page = report_page.page(report.make(ASKED[:1], REPLIES, dt.date(2026, 11, 23)))
    assert "No topic was taken for another." in page
    assert "(0)" in page
