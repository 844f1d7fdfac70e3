"""Asks pip-audit about every locked package of both environments: ``python deploy/dependency_audit.py``.

A finding needs an answer in docs/dependency-audit.yml: why it cannot be reached here, or what is done about it. Ends with
0 when each has one, 1 when one has none, 3 when the advisories could not be asked: then nothing is known, and it says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"desk": ROOT / "uv.lock", "rasa": ROOT / "bot" / "uv.lock"}
ANSWERS = ROOT / "docs" / "dependency-audit.yml"
ANSWERED, UNANSWERED, UNKNOWN = 0, 1, 3


@dataclass(frozen=True, order=True)
class Finding:
    """One advisory about one locked package of one environment (desk or rasa). `ids`: all its numbers (CVE, GHSA, PYSEC)."""

    environment: str
    package: str
    version: str
    ids: tuple[str, ...]


def locked(lock: Path) -> set[tuple[str, str]]:
    """Packages and versions of a lock file, the project itself left out. A package may have a version for each Python."""
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    return {(p["name"], p["version"]) for p in packages if "registry" in p["source"]}


def rounds(packages: set[tuple[str, str]]) -> list[dict[str, str]]:
    """Lists in which no package stands twice, as pip-audit wants them."""
    made: list[dict[str, str]] = []
    for name, version in sorted(packages):
        free = next((one for one in made if name not in one), None)
        if free is None:
            made.append(free := {})
        free[name] = version
    return made


def answers() -> list[dict[str, Any]]:
    return list(yaml.safe_load(ANSWERS.read_text(encoding="utf-8"))["findings"])


def read_report(report: dict[str, Any], environment: str) -> tuple[list[Finding], list[str]]:
    """pip-audit's JSON as (findings, packages it could not say anything about)."""
    skipped = [d["name"] for d in report["dependencies"] if "skip_reason" in d]
    found = [
        Finding(environment, d["name"], d["version"], (v["id"], *v.get("aliases", ()))) for d in report["dependencies"] for v in d.get("vulns", [])
    ]
    return found, skipped


def without_answer(findings: Iterable[Finding], known: Iterable[dict[str, Any]]) -> Iterator[Finding]:
    """Those that no entry of the same environment and package names by one of their ids."""
    answered = {(a["environment"], a["package"], i) for a in known for i in a["ids"]}
    return (f for f in findings if not any((f.environment, f.package, i) in answered for i in f.ids))


def ask(environment: str, packages: dict[str, str]) -> dict[str, Any] | None:
    """pip-audit's report; None when it could not ask."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as wanted:
        wanted.writelines(f"{name}=={version}\n" for name, version in packages.items())
        wanted.flush()
        command = [sys.executable, "-m", "pip_audit", "-r", wanted.name, "--no-deps", "--disable-pip", "-f", "json", "--progress-spinner", "off"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    try:
        report: dict[str, Any] = json.loads(done.stdout)
        return report
    except ValueError:
        print(f"{environment}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'pip-audit said nothing'}", file=sys.stderr)
        return None


def main() -> int:
    unknown, findings = 0, list[Finding]()
    for environment, lock in LOCKS.items():
        packages = locked(lock)
        found: list[Finding] = []
        silent: list[str] = []
        for part in rounds(packages):
            report = ask(environment, part)
            more, skipped = read_report(report, environment) if report else ([], sorted(part))
            found += more
            silent += skipped
        findings += found
        unknown += len(silent)
        print(f"{environment}: {len(packages)} packages, {len(found)} findings, {len(silent)} that nothing could be learnt about")
    open_ones = sorted(without_answer(findings, answers()))
    for finding in open_ones:
        print(
            f"NO ANSWER to {finding.ids[0]} in {finding.package} {finding.version} ({finding.environment}): write one into docs/dependency-audit.yml"
        )
    if open_ones:
        return UNANSWERED
    if unknown:
        print(f"NOT AUDITED: {unknown} packages. The advisory service could not be asked from here; run this where it can be.")
        return UNKNOWN
    print("Every finding has an answer.")
    return ANSWERED


if __name__ == "__main__":
    sys.exit(main())
