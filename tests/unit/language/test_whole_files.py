"""language.whole_files: the old file or the new one, never half of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from language.whole_files import whole


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_file_gets_its_name_when_all_is_written(tmp_path: Path, on_disk: bool) -> None:
    path = tmp_path / "new" / "file.json"
    with whole(path, on_disk) as file:
        file.write("año".encode())
        assert not path.exists()
    assert path.read_text(encoding="utf-8") == "año"
    assert [found.name for found in path.parent.iterdir()] == ["file.json"]


def test_after_an_error_the_old_one_stays_and_nothing_is_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text("old", encoding="utf-8")

    def write() -> None:
        with whole(path) as file:
            file.write(b"ne")
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        write()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]
