"""What the weekly e-mail tells of, read from where the desk's pages read it."""

from __future__ import annotations

from pathlib import Path

from desk.digest.contents import Waiting
from desk.editor.catalogue import Catalogue
from desk.editor.freshness import Line, Wanted, chosen, lines
from desk.learning.inbox import Inbox
from knowledge import links
from knowledge.assistant import Assistant


class FromTheDesk:
    def __init__(self, assistant: Assistant, catalogue: Catalogue, inbox: Inbox, links_file: Path) -> None:
        self._assistant, self._catalogue, self._inbox, self._links_file = assistant, catalogue, inbox, links_file

    def lines(self) -> list[Line]:
        """As the freshness page shows them when nothing else is asked for."""
        wanted = Wanted()
        return chosen(lines(self._assistant.runtime.snapshot(), links.kept(self._links_file), wanted, self._assistant.today()), wanted)

    def waiting(self) -> Waiting:
        groups = self._inbox.groups("", "")
        students = len({miss.conversation_id for group in groups for miss in group.misses})
        return Waiting(len(groups), students, sum(bool(group.harms) for group in groups), self._catalogue.waiting())
