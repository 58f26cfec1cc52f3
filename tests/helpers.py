"""Reading the case files, and what several test modules ask of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"

LAST_GOOD = "last good"
FIRST_BAD = "first bad"


class _Loader(yaml.SafeLoader):
    """Safe YAML whose dates stay texts, as they are in a description."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if tag != "tag:yaml.org,2002:timestamp"]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Case:
    """One situation and what the law says of it; `tests/cases/README.md` explains the keys."""

    provision: str
    name: str
    rule: str
    as_of: str
    verdict: str
    base: dict[str, Any]
    facts: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str | dict[str, str]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    boundary: str = ""
    notes: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    due: str = ""
    provisional: bool = False
    pointer: str = ""
    says: str = ""
    without_words: str = ""
    cites: str = ""
    why: str = ""

    def __repr__(self) -> str:
        return self.id

    @property
    def id(self) -> str:
        return f"{self.rule}: {self.name}"

    @property
    def description(self) -> dict[str, Any]:
        """The whole document: each key of the case's facts replaces that of the base."""
        return {"apiVersion": "pytest-icp/v1", **self.base, **self.facts}


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """The cases of one provision; ``always`` names duties that bind everybody, with the reason."""

    path: Path
    provision: str
    always: dict[str, str]
    cases: tuple[Case, ...]


@cache
def case_files() -> tuple[CaseFile, ...]:
    """Read every case file."""
    return tuple(_case_file(path) for path in sorted(CASES.glob("*.yaml")))


@cache
def all_cases() -> tuple[Case, ...]:
    """Read the cases of every file."""
    return tuple(case for file in case_files() for case in file.cases)


def _case_file(path: Path) -> CaseFile:
    # The loader is the safe one without its dates.
    written = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    provision, base = written["provision"], written.get("base", {})
    return CaseFile(
        path=path,
        provision=provision,
        always=written.get("always", {}),
        cases=tuple(Case(provision=provision, base=base, **case) for case in written["cases"]),
    )


def written_keys(text: str) -> tuple[set[str], set[str]]:
    """Return the anchors that a YAML text defines and the aliases that refer to them."""
    tokens = list(yaml.scan(text))
    anchors = {token.value for token in tokens if isinstance(token, yaml.AnchorToken)}
    aliases = {token.value for token in tokens if isinstance(token, yaml.AliasToken)}
    return anchors, aliases
