"""desk.pages.bundle: a module and all it imports, each once, in an order in which it works."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from desk.pages.bundle import bundle

WIDGET = Path(__file__).resolve().parents[3] / "widget"
DECLARED = re.compile(r"^(?:export )?(?:async )?(?:const|let|var|class|function\*?) (\w+)", re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nimport { c } from "./c.js";\nexport const a = b + c;\n', encoding="utf-8")
    (tmp_path / "b.js").write_text('import { c } from "./c.js";\nexport const b = c + 1;\n', encoding="utf-8")
    (tmp_path / "c.js").write_text("export const c = 1;\n", encoding="utf-8")
    return tmp_path


def test_what_is_needed_stands_before_what_needs_it_and_only_once(folder: Path) -> None:
    assert bundle(folder / "a.js") == "const c = 1;\nconst b = c + 1;\nexport const a = b + c;\n"


def test_modules_that_go_round_are_refused_by_name(folder: Path) -> None:
    (folder / "c.js").write_text('import { a } from "./a.js";\nexport const c = a;\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.js imports itself by way of c\.js"):
        bundle(folder / "a.js")


def test_the_modules_of_the_chat_can_stand_side_by_side() -> None:
    whole = bundle(WIDGET / "advising-chat.js")
    twice = [name for name, count in Counter(DECLARED.findall(whole)).items() if count > 1]
    assert twice == []
    assert not re.search(r"^import ", whole, re.MULTILINE)
    assert re.findall(r"^export .*", whole, re.MULTILINE) == ["export class AdvisingChatElement extends HTMLElement {"]
    assert all(path.read_text(encoding="utf-8").splitlines()[-1] in whole for path in WIDGET.glob("*.js"))
