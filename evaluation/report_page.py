"""The report as one page that stands alone: no script, no picture, style or font from elsewhere. For advisors and reviewers."""

from __future__ import annotations

from collections import Counter
from html import escape

from evaluation import confusion
from evaluation.report import Report
from evaluation.scoring import Share

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --line: #c9d1da; --soft: #f3f5f8; --accent: #14568c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf1; --paper: #14181d; --line: #46505c; --soft: #1e242b; --accent: #8fc4f2; } }
body { font: 1rem/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 70rem; margin: 0 auto; padding: 1.5rem; }
h1, h2 { line-height: 1.25; } h2 { margin-top: 2.5rem; } a { color: var(--accent); } :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; min-width: 44rem; } caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { text-align: left; padding: .4rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
thead th { background: var(--soft); } td.n { white-space: nowrap; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } tbody th { font-weight: 600; } meter { width: 7rem; } svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }
svg .cell { fill: var(--soft); stroke: var(--line); }
""".strip()


def page(report: Report) -> str:
    confused = Counter(report.confused)
    body = [
        "<h1>How well questions are understood</h1>",
        f"<p>Made on <time>{report.made_on}</time> · knowledge version <code>{escape(report.knowledge_version)}</code> · "
        f"{report.questions} questions, each in a fresh conversation; the first reply counts · "
        f"time to the reply: half within {report.latency_ms[0]:.0f} ms, 95 of 100 within {report.latency_ms[1]:.0f} ms.</p>",
        _contents(),
        f'<h2 id="marks">The marks</h2>{_marks(report.marks)}',
        *(f'<h2 id="{part}">By {part}</h2>{_part(part, values)}' for part, values in report.parts.items()),
        '<h2 id="confusion">Which topic was taken for which</h2>',
        "<p>A row is the topic a question was about, a column what came instead. Questions answered rightly, or offered rightly among the choices, are not shown.</p>",
        f'<div class="wide" tabindex="0" role="region" aria-label="Picture of confused topics">{confusion.picture(confused)}</div>',
        _pairs(confused),
        f'<h2 id="misses">Replies that were not fully right ({len(report.misses)})</h2>{_misses(report)}',
    ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>How well questions are understood, {report.made_on}</title>'
    return (
        f'<!doctype html>\n<html lang="en">\n<head>{head}\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<main>\n'
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def _contents() -> str:
    places = {"marks": "The marks", "domain": "By domain", "confusion": "Confusion", "misses": "Misses"}
    return '<nav aria-label="On this page"><p>' + " · ".join(f'<a href="#{place}">{name}</a>' for place, name in places.items()) + "</p></nav>"


def _table(caption: str, heads: list[str], rows: list[list[str]]) -> str:
    """Cells are HTML already; the first of a row is its heading."""
    head = "".join(f'<th scope="col">{h}</th>' for h in heads)
    lines = "".join(f'<tr><th scope="row">{row[0]}</th>' + "".join(f"<td{_number(c)}>{c}</td>" for c in row[1:]) + "</tr>\n" for row in rows)
    return f'<div class="wide" tabindex="0" role="region" aria-label="{caption}"><table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>\n{lines}</tbody></table></div>'


def _number(cell: str) -> str:
    return ' class="n"' if cell[:1].isdigit() or cell.startswith("<meter") else ""


def _told(share: Share) -> str:
    if not share.of:
        return "–"
    low, high = share.interval()
    return f"{100 * share.value:.1f} % ({100 * low:.1f}–{100 * high:.1f})"


def _marks(marks: dict[str, Share]) -> str:
    rows = [[escape(name), _told(s), f"{s.hits} of {s.of}", _bar(s)] for name, s in marks.items()]
    return _table("Marks, with 95 % intervals", ["Mark", "Share (95 % interval)", "Count", "Picture"], rows)


def _bar(share: Share) -> str:
    return f'<meter min="0" max="1" value="{share.value:.3f}">{100 * share.value:.0f} %</meter>' if share.of else "–"


def _part(part: str, values: dict[str, dict[str, Share]]) -> str:
    heads = [part.capitalize(), *next(iter(values.values()), {})]
    rows = [[escape(value), *(f"{_told(s)}, {s.of}" if s.of else "–" for s in marks.values())] for value, marks in values.items()]
    return _table(f"Marks by {part}: share, 95 % interval, number of questions", heads, rows)


def _pairs(confused: Counter[tuple[str, str]]) -> str:
    ranked = sorted(confused.items(), key=lambda item: (-item[1], item[0]))
    return (
        _table("The same in words", ["Asked about", "What came", "Times"], [[escape(a), escape(b), str(n)] for (a, b), n in ranked]) if ranked else ""
    )


def _misses(report: Report) -> str:
    rows = [
        [
            escape(m.id),
            escape(m.question),
            escape(m.expected),
            escape(m.status.replace("_", " ")),
            escape(m.came) or ("offered" if m.offered else "–"),
        ]
        for m in report.misses
    ]
    return (
        _table("Each with what was expected and what came", ["Number", "Question", "Expected", "Reply", "Topic and facet that came"], rows)
        if rows
        else "<p>None.</p>"
    )
