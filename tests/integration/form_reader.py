"""A page's form as a browser would send it back untouched: ticks, selects and text areas too."""

from __future__ import annotations

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self, marked: str) -> None:
        super().__init__()
        self.fields: dict[str, str | list[str]] = {}
        self._marked, self._inside = marked, False
        self._area = self._select = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = self._marked in given
        if not self._inside:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self._add(name, value)
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "select":
            self._select, self.fields[name] = name, ""
        elif tag == "option" and self._select and ("selected" in given or self.fields[self._select] == ""):
            self.fields[self._select] = value

    def _add(self, name: str, value: str) -> None:
        known = self.fields.get(name)
        self.fields[name] = value if known is None else [*([known] if isinstance(known, str) else known), value]

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.fields[self._area], self._area = "".join(self._text).removeprefix("\n"), ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False


def fields_of(page: str, marked: str = "data-form") -> dict[str, str | list[str]]:
    """The fields of the form that carries the attribute `marked`, the CSRF token aside."""
    reader = _Reader(marked)
    reader.feed(page)
    return {name: value for name, value in reader.fields.items() if name != "csrf"}
