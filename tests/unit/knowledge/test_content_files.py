"""knowledge.content_files: every fault of every file is told at once, and nothing is loaded while there is one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from knowledge import checking, content_files, loader
from knowledge.__main__ import main
from knowledge.content_files import Content
from knowledge.errors import ContentError
from knowledge.schema import Checklist, Entry, Fact, Refusal, Source, Topic, Wording
from knowledge.store import Store

EXAMPLE = Path(__file__).parents[3] / "knowledge" / "content" / "README.md"

TEN_FAULTS = """
id: broken
domain: no_such_domain
name: {en: Broken, es: Rota}
about: {en: A topic., es: Un tema.}
aliases: {en: [broken]}
entries:
  - id: broken.cost
    facet: price
    question: {en: How much?}
    answer: {en: Free., es: Gratis., fr: Gratuit.}
    phrasings: {en: []}
    sources: []
    see_also: [BAD KEY]
    person_helps: perhaps
    writen: {en: 2026-11-01, es: 2026-11-01}
  - id: other.cost
    facet: cost
    question: {en: How much?, es: ¿Cuánto?}
    answer: {en: Free., es: Gratis.}
    phrasings: {en: []}
    sources: [sunrise_site]
    written: {en: yesterday, es: 2026-11-01}
  - just a sentence
"""


def test_the_tiny_folder_is_read_whole(tiny_content: Content) -> None:
    counts = {kind.kind: len(tiny_content.of(kind)) for kind in (Source, Fact, Topic, Entry, Checklist, Refusal)}
    assert counts == {"source": 3, "fact": 5, "topic": 3, "entry": 7, "checklist": 1, "refusal": 3}
    assert "greeting" in tiny_content.of(Wording)
    assert tiny_content.files[("entry", "trail_start.cost")] == "topics/trail_start.yml"


def test_ten_faults_of_one_file_are_all_told_with_file_entry_and_field(tiny_folder: Path) -> None:
    (tiny_folder / "topics" / "broken.yml").write_text(TEN_FAULTS, encoding="utf-8")
    _, faults = content_files.read(tiny_folder)
    assert {f.where for f in faults} == {
        "topics/broken.yml:broken:domain",
        "topics/broken.yml:broken.cost:facet",
        "topics/broken.yml:broken.cost:question.es",
        "topics/broken.yml:broken.cost:answer.fr",
        "topics/broken.yml:broken.cost:sources",
        "topics/broken.yml:broken.cost:see_also.0",
        "topics/broken.yml:broken.cost:person_helps",
        "topics/broken.yml:broken.cost:written",
        "topics/broken.yml:broken.cost:writen",
        "topics/broken.yml:other.cost:written.en",
        "topics/broken.yml:#3",
    }
    assert all(f.what and f.mend for f in faults)


def test_an_entry_whose_id_names_another_topic_is_a_fault(tiny_folder: Path) -> None:
    path = tiny_folder / "topics" / "trail_start.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("id: trail_start.cost", "id: sunrise_grant.price"), encoding="utf-8")
    _, faults = content_files.read(tiny_folder)
    assert ["trail_start.cost" in f.what for f in faults] == [True]


def test_nothing_is_loaded_while_there_is_a_fault(
    tiny_folder: Path, tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny_folder / "topics" / "broken.yml").write_text(TEN_FAULTS, encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", str(store.engine.url))
    monkeypatch.setenv("ENCODER", "hashing")
    assert main(["load", "--content", str(tiny_folder)]) == 1
    told = capsys.readouterr().err
    assert "nothing was loaded" in told
    assert told.count("topics/broken.yml") == 11
    assert store.rows() == {}


def test_check_tells_the_faults_and_their_number(tiny_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--content", str(tiny_folder)]) == 0
    (tiny_folder / "topics" / "broken.yml").write_text(TEN_FAULTS, encoding="utf-8")
    assert main(["check", "--content", str(tiny_folder), "--only", "broken"]) == 1
    assert "topics/broken.yml:broken.cost:facet" in capsys.readouterr().out


def test_the_first_of_two_documents_with_one_id_is_kept_and_the_second_told(tiny_folder: Path) -> None:
    (tiny_folder / "facts" / "more.yml").write_text((tiny_folder / "facts" / "facts.yml").read_text(encoding="utf-8"), encoding="utf-8")
    content, faults = content_files.read(tiny_folder)
    assert len(content.of(Fact)) == len(faults) == 5
    assert all("already exists in facts/facts.yml" in f.what for f in faults)


@pytest.mark.parametrize(
    ("text", "said"),
    [("a: [1", "not readable as YAML at line"), ("id: x", "is not a list"), ("- 3", "is not a document")],
)
def test_a_file_that_is_no_list_of_documents_is_told_not_raised(tiny_folder: Path, text: str, said: str) -> None:
    (tiny_folder / "facts" / "bad.yml").write_text(text + "\n", encoding="utf-8")
    _, faults = content_files.read(tiny_folder)
    assert [said in f.what for f in faults] == [True]
    assert faults[0].where.startswith("facts/bad.yml")


def test_a_file_in_another_encoding_is_told_not_raised(tiny_folder: Path) -> None:
    (tiny_folder / "facts" / "bad.yml").write_bytes("- id: añejo".encode("latin-1"))
    _, faults = content_files.read(tiny_folder)
    assert [f.where for f in faults] == ["facts/bad.yml"]


def test_a_topic_file_that_is_no_topic_is_told(tiny_folder: Path) -> None:
    (tiny_folder / "topics" / "bad.yml").write_text("- just\n- a list\n", encoding="utf-8")
    (tiny_folder / "checklists" / "bad.yml").write_text("just words\n", encoding="utf-8")
    _, faults = content_files.read(tiny_folder)
    assert {f.where for f in faults} == {"topics/bad.yml", "checklists/bad.yml"}


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="there is no such folder"):
        content_files.read_or_raise(tmp_path / "nowhere")


def test_a_date_that_is_no_date_is_a_fault_and_not_a_crash(tiny_folder: Path) -> None:
    line = "- {id: d, type: date, value: soon, about: x, as_of: '2026', valid_until: 2027-01-01, source: sunrise_site, checked_on: 2026-11-01}\n"
    (tiny_folder / "facts" / "bad.yml").write_text(line, encoding="utf-8")
    _, faults = content_files.read(tiny_folder)
    assert len(faults) == 1
    assert faults[0].where.startswith("facts/bad.yml:d:")


def _example(number: int) -> str:
    return EXAMPLE.read_text(encoding="utf-8").split("```yaml\n")[number].split("```")[0]


def test_the_annotated_example_is_itself_valid(tiny_folder: Path, today: dt.date) -> None:
    """The README's topic file and fact, beside the few documents they name."""
    topic = yaml.safe_load(_example(1))
    for entry in topic["entries"]:
        for language, least in checking.MIN_PHRASINGS.items():
            lines = entry["phrasings"][language]
            assert f"at least {least}" in lines[-1], "the example tells how many phrasings are wanted"
            entry["phrasings"][language] = [f"{lines[0]} {number}" for number in range(least)]
    first = topic["entries"][0]
    what_is = {**first, "id": f"{topic['id']}.what_is", "facet": "what_is", "see_also": [], "phrasings": {}}
    what_is["phrasings"] = {language: [f"{line} what" for line in lines] for language, lines in first["phrasings"].items()}
    topic["entries"].append(what_is)
    (tiny_folder / "topics" / f"{topic['id']}.yml").write_text(yaml.safe_dump(topic, allow_unicode=True), encoding="utf-8")
    (tiny_folder / "facts" / "example.yml").write_text(_example(2), encoding="utf-8")
    sources = [
        {"id": name, "title": name, "url": f"https://{name}.example.org/".replace("_", "-"), "publisher": "x", "checked_on": dt.date(2026, 11, 1)}
        for name in (*first["sources"], yaml.safe_load(_example(2))[0]["source"])
    ]
    (tiny_folder / "sources" / "example.yml").write_text(yaml.safe_dump(sources), encoding="utf-8")
    content, faults = content_files.read(tiny_folder)
    assert faults == []
    assert checking.check(content, today) == []


def test_the_shipped_files_can_be_loaded(store: Store) -> None:
    content, faults = content_files.read()
    assert faults == []
    assert len(loader.load(content, store).add) == len(content.documents)
