"""Reads the situations, and makes a description of each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import breaking
import yaml
from msgspec import Struct, convert, field

import pytest_icp
from pytest_icp.facts.description import Description
from tests.helpers import ROOT

HERE = Path(__file__).parent

BASES = {
    "etaoche": ROOT / "examples" / "etaoche" / "etaoche.icp.yaml",
    "sound": breaking.SOUND,
    **{of.parent.name: of for of in breaking.OTHERS},
}

DAYS = {**dict.fromkeys(BASES, "2026-11-24"), "etaoche": "2023-11-20"}
"""The day on which a base is in order; situations on other days say so."""


class Noted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another verdict than that of the law, and why."""

    verdict: str
    because: str


class Situation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A situation and its answer; the README explains the keys."""

    rule: str
    situation: str
    as_of: str
    set: dict[str, Any]
    verdict: str | list[str]
    why: str
    base: str = "etaoche"
    files: dict[str, str] = field(default_factory=dict)
    due: str = ""
    first: Noted | None = None
    differs: Noted | None = None

    @property
    def id(self) -> str:
        """The rule and the situation, as a sentence."""
        return f"{self.rule}: {self.situation} ({self.as_of})"

    @property
    def verdicts(self) -> list[str]:
        """The verdicts that the law allows."""
        return [self.verdict] if isinstance(self.verdict, str) else self.verdict

    @property
    def expected(self) -> list[str]:
        """The verdicts that the rules have to give today."""
        return [self.differs.verdict] if self.differs else self.verdicts

    @property
    def is_pattern(self) -> bool:
        """Whether it is about several rules."""
        return "*" in self.rule


@cache
def situations() -> tuple[Situation, ...]:
    """Read the situations of every file."""
    return tuple(
        convert({"as_of": DAYS[row.get("base", "etaoche")], **row}, Situation)
        for path in sorted(HERE.glob("*.yaml"))
        for row in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    )


def lay(folder: Path, base: str, files: Iterable[tuple[str, str]]) -> Path:
    """Lay the files of a base and those of a situation into an empty folder."""
    breaking.copy_files(folder, BASES[base])
    for name, text in files:
        (folder / name).write_text(text, "utf-8")
    return folder


def described(situation: Situation, folder: Path) -> Description:
    """Return the description of a situation, written into the folder of its files."""
    change = breaking.Fault(situation.rule, situation.set, {}, (), shown=False)
    file = folder / "situation.icp.json"
    document = breaking.broken(breaking.sound(BASES[situation.base]), change)
    file.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return pytest_icp.load(file, root=folder)
