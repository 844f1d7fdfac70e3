"""What is exported and read again is the same."""

from __future__ import annotations

import io
import string
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import content_files
from knowledge.archive import files_of, pack
from knowledge.pathways_schema import County
from knowledge.schema import Document, Fact
from knowledge.snapshot import Snapshot
from tests.conftest import TINY


def read_again(snapshot: Snapshot, folder: Path) -> content_files.Content:
    with zipfile.ZipFile(io.BytesIO(pack(snapshot))) as archive:
        archive.extractall(folder)
    return content_files.read_or_raise(folder)


@pytest.mark.parametrize("folder", [TINY, content_files.SHIPPED], ids=["tiny", "shipped"])
def test_everything_exported_and_read_again_is_the_same(folder: Path, tmp_path: Path) -> None:
    content = content_files.read_or_raise(folder)
    assert read_again(Snapshot.from_content(content), tmp_path).documents == content.documents


# Words that YAML or a table would take for something else, among others.
LINE = st.one_of(
    st.sampled_from(["yes", "12:30", "2026-11-27", "null", "1e3", "- a", "#x", "a: b", '"', "'", "a, b", "=1+1", "ñ ¿qué?", "0x1f", "~"]),
    st.text(string.ascii_letters + string.digits + " ,:#-'\"{}[]&*!|>%@`ñáéíóú¿¡", min_size=1, max_size=30).map(str.strip).filter(bool),
)
VALUE = st.one_of(LINE, st.builds(lambda en, es: {"en": en, "es": es}, LINE, LINE))
CITY = LINE.map(lambda text: text.replace(";", "")).filter(lambda text: bool(text.strip()))


@st.composite
def some_facts(draw: st.DrawFn) -> list[Document]:
    facts: list[Document] = []
    for number, value in enumerate(draw(st.lists(VALUE, max_size=4))):
        body = {
            "id": f"fact_{number}",
            "type": "text",
            "value": value,
            "about": draw(LINE),
            "as_of": draw(LINE),
            "source": "a",
            "checked_on": "2026-11-27",
        }
        facts.append(Fact.model_validate(body))
    amount = draw(st.one_of(st.integers(0, 10**7), st.floats(0, 1e6)))
    facts.append(
        Fact.model_validate({"id": "fee", "type": "amount", "value": amount, "about": "a", "as_of": "a", "source": "a", "checked_on": "2026-11-27"})
    )
    return facts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=some_facts(), cities=st.lists(CITY, min_size=1, max_size=4), name=LINE, latitude=st.floats(-90, 90), sure=st.booleans())
def test_whatever_words_stand_in_it(
    tmp_path_factory: pytest.TempPathFactory, facts: list[Document], cities: list[str], name: str, latitude: float, sure: bool
) -> None:
    body = {"id": "a", "name": name, "seat": name, "cities": cities, "adjacent": ["b"], "latitude": latitude, "longitude": -latitude}
    county = County.model_validate({**body, "stem_network": name, "network_sure": sure})
    snapshot = Snapshot.of("x", [*facts, county])
    assert read_again(snapshot, tmp_path_factory.mktemp("again")).documents == {(d.kind, d.key): d for d in [*facts, county]}


def test_a_file_a_kind_and_a_file_a_topic() -> None:
    files = files_of(Snapshot.from_content(content_files.read_or_raise(TINY)))
    assert {"facts/facts.yml", "sources/sources.yml", "topics/sunrise_grant.yml", "checklists/sunrise_steps.yml", "pathways/programs.csv"} <= set(
        files
    )
    assert "sunrise_grant.what_is" in files["topics/sunrise_grant.yml"]
