"""python -m knowledge check|load|export|search|stats"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from collections import Counter
from pathlib import Path

from knowledge import checking, content_files, exporting, links, loader, regression, statistics
from knowledge.assistant import Assistant
from knowledge.errors import ContentError, KnowledgeError
from knowledge.index import targets_of
from knowledge.memory import Memory
from knowledge.progress import told
from knowledge.runtime import Runtime
from knowledge.schema import Fact, FactKind, Source
from knowledge.settings import Settings
from knowledge.snapshot import Snapshot
from knowledge.store import Store, make_engine
from knowledge.vector_store import VectorStore
from knowledge.vocabulary import terms_of, write_gazetteer
from language import encoder
from language.detect import detect


def _store(settings: Settings) -> Store:
    return Store(make_engine(settings.database_url))


def runtime_of(settings: Settings, store: Store) -> Runtime:
    return Runtime(
        store, encoder.load(settings.encoder, settings.index_folder), terms_of, write_gazetteer(settings.gazetteer_file), settings.index_folder
    )


def _check(settings: Settings, arguments: argparse.Namespace) -> int:
    content, faults = content_files.read(arguments.content)
    faults = faults + checking.check(content, dt.date.today())
    if arguments.only:
        faults = [f for f in faults if any(name in f.where for name in arguments.only)]
    for fault in faults:
        print(fault)
    print(f"{len(content.documents)} documents read, {len(faults)} fault(s).")
    dead = _check_links(content, settings.links_file) if arguments.links else 0
    return 1 if faults or dead else 0


def _check_links(content: content_files.Content, report: Path) -> int:
    """Look at every shown source and link fact; returns how many are dead."""
    shown = [s.url for s in content.of(Source).values() if s.show]
    named = [str(f.value) for f in content.of(Fact).values() if f.type is FactKind.LINK]
    try:
        found = links.check([*shown, *named], dt.date.today())
    except links.NoNetwork as reason:
        print(f"Links: skipped. {reason}")
        return 0
    links.keep(found, report)
    for one in found:
        if one.outcome != "works":
            print(f"link {one.outcome}: {one.url} ({one.detail})")
    counts = Counter(one.outcome for one in found)
    print(f"Links: {', '.join(f'{n} {outcome}' for outcome, n in sorted(counts.items()))}; kept in {report}.")
    return counts["dead"]


def _load(settings: Settings, arguments: argparse.Namespace) -> int:
    content = content_files.read_or_raise(arguments.content)
    if faults := checking.check(content, dt.date.today()):
        raise ContentError(faults)
    store = _store(settings)
    with told(lambda: f"Comparing {len(content.documents):,} documents with the database"):
        made = loader.plan(content, store) if arguments.plan else loader.load(content, store)
    print(made)
    if not arguments.plan:
        path = arguments.content / regression.FILE.name
        if path != regression.FILE and (held := regression.bring(store, path, "content files")):
            print(f"{held} accepted question{'s' if held > 1 else ''} added.")
        runtime = runtime_of(settings, store)
        print(f"Search index ready in {learn(runtime):.1f} s.")
        if gone := VectorStore(store).forget_all_but(runtime.encoder.name):
            print(f"{gone:,} vectors of earlier encoders removed.")
    return 0


def learn(runtime: Runtime) -> float:
    """Have the search index at hand, telling how far that is; returns the seconds it took."""
    begun = time.monotonic()
    lines = {line for _, found in targets_of(runtime.snapshot()) for line in found}
    with told(lambda: f"Reading ways of asking: {len(runtime.vectors):,} of {len(lines):,}"):
        runtime.current()
    return time.monotonic() - begun


def _export(settings: Settings, arguments: argparse.Namespace) -> int:
    written = exporting.export(_store(settings), arguments.content)
    print(f"{len(written)} file(s) changed." + "".join(f"\n{path}" for path in written))
    return 0


def _search(settings: Settings, arguments: argparse.Namespace) -> int:
    assistant = Assistant(runtime_of(settings, _store(settings)))
    language = detect(arguments.question)
    outcome = assistant.ask(arguments.question, language, Memory())
    _, matcher = assistant.runtime.current()
    match = matcher.match(arguments.question)
    for scored in match.scored[:5]:
        print(f"{scored.probability:6.3f}  {scored.target.id}  ← {scored.nearest}")
    print(f"topics: {', '.join(f'{t} {p:.3f}' for t, p in match.topics[:4])}; nearness {match.nearness}\n")
    for reply in outcome.replies:
        print(f"[{reply.answer.status.value if reply.answer else 'none'}] {reply.text}")
        for choice in reply.choices:
            print(f"  ( ) {choice.label}")
    return 0


def _stats(settings: Settings, arguments: argparse.Namespace) -> int:
    content = content_files.read_or_raise(arguments.content)
    report = statistics.report(Snapshot.from_content(content), dt.date.today())
    print(json.dumps(report, indent=1) if arguments.json else statistics.table(report))
    return 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    made = {}
    for name, run, text in (
        ("check", _check, "tell every fault of the content files"),
        ("load", _load, "bring the content files into the database; twice changes nothing"),
        ("export", _export, "write what was changed at the desk back into the content files"),
        ("search", _search, "show what a question would get, with scores"),
        ("stats", _stats, "count what there is"),
    ):
        made[name] = verbs.add_parser(name, help=text)
        made[name].add_argument("--content", type=Path, default=content_files.SHIPPED)
        made[name].set_defaults(run=run)
    made["check"].add_argument("--only", nargs="*", help="tell only faults whose place contains one of these words")
    made["check"].add_argument("--links", action="store_true", help="also look whether every linked page still answers")
    made["load"].add_argument("--plan", action="store_true", help="tell what would change, change nothing")
    made["search"].add_argument("question")
    made["stats"].add_argument("--json", action="store_true")
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(Settings(), arguments))
    except (KnowledgeError, encoder.EncoderUnavailable) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
