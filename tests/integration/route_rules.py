"""Who may use each route: stated here once, printed into docs/security.md, and tried out on the application itself.

A new route needs a line in RULES; `python -m tests.integration.route_rules` then brings the table of docs/security.md up
to date. test_route_rules.py asks every route as everybody and compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Mount, Route

Who = Literal["anyone", "token", "staff", "advisor", "editor", "admin"]
VISITORS = ("nobody", "token", "advisor", "editor", "admin")
"""Columns of the matrix: no sign-in at all, the token of the conversation in the path, and each role of the staff."""

RULES: dict[str, Who] = {
    # A path as the route says it; one ending in * stands for everything below. The longest that fits counts.
    # anyone: no sign-in. token: the student's token of this very conversation. staff: every role.
    # advisor, editor: that role, and admins. admin: admins only.
    "/": "anyone",
    "/privacy": "anyone",
    "/health": "anyone",
    "/metrics": "anyone",
    "/docs": "anyone",
    "/openapi.json": "anyone",
    "/static*": "anyone",
    "/widget*": "anyone",
    "/api/announcement": "anyone",
    "/api/conversations": "anyone",
    "/api/conversations/open": "anyone",  # the signed words of an e-mail's link are in the body
    "/api/conversations/{conversation_id}*": "token",
    "/desk/sign-in": "anyone",
    "/desk/district*": "anyone",
    "/desk": "staff",
    "/desk/sign-out": "staff",
    "/desk/password": "staff",
    "/desk/queue*": "advisor",
    "/desk/conversations/*": "advisor",
    "/desk/suggest": "advisor",
    "/desk/canned*": "advisor",
    "/desk/offices*": "admin",
    "/desk/misses*": "staff",
    "/desk/review*": "staff",
    "/desk/knowledge*": "staff",  # advisors propose; what publishes is refused to them by role
    "/desk/knowledge/{kind}/{key}/bring-back": "editor",
    "/desk/freshness*": "staff",
    "/desk/freshness/checked": "editor",
    "/desk/freshness/links/try": "editor",
    "/desk/freshness/roll-over": "editor",
    "/desk/exchange*": "editor",
    "/desk/regression*": "staff",
    "/desk/regression/add": "editor",
    "/desk/regression/remove": "editor",
    "/desk/insight*": "staff",
    "/scorecard": "anyone",
    "/desk/accounts*": "admin",
    "/desk/audit*": "admin",
    "/desk/retention*": "admin",
    "/desk/announcement*": "admin",
}
BEFORE_OWN_PASSWORD = frozenset({"/desk/sign-out", "/desk/password"})
"""All that opens for staff who signed in with a password that somebody else made."""

DOCUMENT = Path(__file__).parents[2] / "docs" / "security.md"
BEGIN, END = "<!-- matrix: made by python -m tests.integration.route_rules -->", "<!-- end of matrix -->"


class NoRule(LookupError):
    """A route about which nothing is stated."""


@dataclass(frozen=True, order=True)
class Door:
    """One route of the application, by one verb."""

    path: str
    method: str


def doors(app: FastAPI) -> Iterator[Door]:
    """Every route of the application, included routers and mounted folders too. Raises TypeError for a kind it cannot read."""
    yield from _doors(app.routes)


def _doors(routes: Iterable[BaseRoute]) -> Iterator[Door]:
    for route in routes:
        if isinstance(route, Mount):
            yield Door(f"{route.path}/{{file}}", "GET")
        elif isinstance(route, Route):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield Door(route.path, method)
        elif isinstance(inner := getattr(route, "original_router", None), APIRouter):  # how FastAPI keeps an included router
            yield from _doors(inner.routes)
        else:
            raise TypeError(f"{route!r} is a kind of route that tests/integration/route_rules.py does not read yet")


def rule_of(path: str) -> Who:
    """Raises NoRule, telling what to write where."""
    fitting = [known for known in RULES if path == known or (known.endswith("*") and path.startswith(known[:-1]))]
    if not fitting:
        raise NoRule(
            f"Nothing says who may use {path}. Add a line to RULES in tests/integration/route_rules.py, for example "
            f'"{path}": "advisor", then run: python -m tests.integration.route_rules'
        )
    return RULES[max(fitting, key=len)]


def may(visitor: str, path: str) -> bool:
    rule = rule_of(path)
    if rule in ("anyone", "token"):
        return rule == "anyone" or visitor == "token"
    return visitor in ("advisor", "editor", "admin") if rule == "staff" else visitor in (rule, "admin")


def matrix(app: FastAPI) -> str:
    """The table of docs/security.md."""
    lines = ["| route | " + " | ".join(VISITORS) + " |", "|---|" + ":-:|" * len(VISITORS)]
    for door in sorted(set(doors(app))):
        lines.append(f"| {door.method} `{door.path}` | " + " | ".join("yes" if may(v, door.path) else "·" for v in VISITORS) + " |")
    return "\n".join(lines)


def with_matrix(text: str, table: str) -> str:
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def main() -> int:
    from desk.app import create_app
    from desk.settings import Settings

    app = create_app(Settings(_env_file=None, database_url="sqlite://", encoder="hashing"))  # type: ignore[call-arg]
    DOCUMENT.write_text(with_matrix(DOCUMENT.read_text(encoding="utf-8"), matrix(app)), encoding="utf-8")
    print(f"{DOCUMENT.name} now tells who may use each of {len(set(doors(app)))} routes.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
