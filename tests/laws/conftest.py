"""Situations laid out as files and decided, as a user's are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import reject

from pytest_icp import evaluate
from pytest_icp.engine import prepare
from pytest_icp.facts.description import Description, load
from pytest_icp.kinds.result import Result
from pytest_icp.law.errors import InputError
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.policy import Policy, part_id
from pytest_icp.rules.settings import Settings
from tests.laws.strategies import Situation

Results: TypeAlias = dict[str, Result]


@dataclass(frozen=True)
class Court:
    """Decides situations; each set of evidence is written once, and the description anew."""

    folder_of: Callable[[tuple[tuple[str, bytes], ...]], Path]

    def read(self, situation: Situation) -> Description:
        """Lay a situation out and read it; raises `InputError` when the reader refuses it."""
        folder = self.folder_of(situation.files)
        path = folder / "made.icp.json"
        path.write_text(json.dumps(situation.document, ensure_ascii=False), "utf-8")
        return load(path, root=folder)

    def results(
        self,
        situation: Situation,
        *,
        as_of: str = "",
        policies: Iterable[Policy] | None = None,
        **settings: int,
    ) -> Results:
        """Decide a situation, by rule id; one that the reader refuses is no example."""
        try:
            description = self.read(situation)
        except InputError:
            reject()
        decided = evaluate(
            description,
            as_of=as_of or situation.as_of,
            policies=policies,
            settings=Settings(**{**situation.settings, **settings}),
        )
        return {result.rule_id: result for result in decided}

    def verdicts(self, situation: Situation, **options: object) -> dict[str, str]:
        """Decide a situation; the verdict by rule id, also of each part."""
        results = self.results(situation, **options)  # type: ignore[arg-type]  # handed on
        of_rules = {rule: str(result.verdict) for rule, result in results.items()}
        of_parts = {
            part_id(rule, part.name): str(part.verdict)
            for rule, result in results.items()
            for part in result.parts
        }
        return of_rules | of_parts

    def is_contested(self, situation: Situation) -> bool:
        """Whether two declarations of a situation exclude each other."""
        description = self.read(situation)
        return prepare(description, as_of=as_of_instant(situation.as_of)).is_doubted


@pytest.fixture(scope="session")
def court(tmp_path_factory: pytest.TempPathFactory) -> Court:
    folders: dict[tuple[tuple[str, bytes], ...], Path] = {}

    def folder_of(files: tuple[tuple[str, bytes], ...]) -> Path:
        if files not in folders:
            folders[files] = tmp_path_factory.mktemp("situation")
            for name, content in files:
                file = folders[files] / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
        return folders[files]

    return Court(folder_of)
