"""desk.pages.lean: a script loses what only people need, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desk.pages.lean import lean_script

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = sorted([*(ROOT / "widget").glob("*.js"), *(ROOT / "desk" / "static").glob("*.js")])


def test_comments_indentation_and_blanks_around_signs_go() -> None:
    assert lean_script("/** What. */\nif (a === 1 && b) {\n  // why\n  f(a, { b: 2 }); // so\n}\n") == "\nif(a===1&&b){\n\nf(a,{b:2});\n}\n"


@pytest.mark.parametrize(
    "code",
    [
        'const url="https://a.example/* no */ , b";',
        "const quoted='a , \\'b';",
        "const share=a / b / c;",
        'const found=/[/"]+ , `/g.test(text);',
        "const sum=a + +b;",
        "const cell=`${name} , ${f(`${a} , `)} , z`;",
        "const more=`${{a:1}.a} , z`;",
    ],
)
def test_what_stands_in_strings_patterns_and_templates_stays(code: str) -> None:
    assert lean_script(code) == code


def test_a_style_sheet_in_a_template_loses_its_spare_blanks_and_keeps_those_that_mean_something() -> None:
    source = "const css = `\n  *, ::before { margin: 0 auto; }\n  a :is(b) > c { ${more}}\n`;\n"
    assert lean_script(source) == "const css=`\n*,::before{margin:0 auto}\na :is(b) > c{${more}}\n`;\n"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_line_of_a_script_moves_and_every_name_stays(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    lean = lean_script(source)
    assert lean.count("\n") == source.count("\n")
    code = re.sub(r"/\*.*?\*/|(?<![:\"])//[^\n]*", "", source, flags=re.DOTALL)
    assert re.findall(r"[\w$#]+", lean) == re.findall(r"[\w$#]+", code)
