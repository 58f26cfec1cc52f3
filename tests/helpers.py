"""Reading the case files, and what several test modules ask of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, wraps
from inspect import signature
from pathlib import Path
from typing import TypeVar

import yaml

from pytest_icp.authoring.cases import Case, CaseFile, read_cases

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"
REAL = ROOT / "tests" / "data" / "real"
"""Files of real projects, in a folder for each kind of source."""

AS_USERS = "-p no:cacheprovider -p no:hypothesispytest"
"""Options of runs in a process of their own: few users have Hypothesis, whose plugin takes time."""

UNSTATED = {"sha256": "none", "expires_on": "none", "max_age_days": "none"}
"""What a document has to say of itself, where it states none of it."""

LAST_GOOD = "last good"
FIRST_BAD = "first bad"

T = TypeVar("T")


def for_each(
    name: str, values: Iterable[T], ids: Callable[[T], str] = str
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let one test try every value, and name each that fails.

    For small tests of many values: to hand out so many takes workers longer than to run them.
    """
    every = tuple(values)
    assert every

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def tried(**given: object) -> None:
            wrong = []
            for value in every:
                try:
                    test(**given, **{name: value})
                except AssertionError as error:
                    wrong.append(f"{ids(value)}: {error}")
            assert not wrong, "\n".join(wrong)

        asked = signature(test)
        others = [one for one in asked.parameters.values() if one.name != name]
        tried.__signature__ = asked.replace(parameters=others)  # type: ignore[attr-defined]
        return tried

    return decorate


@cache
def case_files() -> tuple[CaseFile, ...]:
    """Read every case file."""
    return read_cases(CASES)


@cache
def all_cases() -> tuple[Case, ...]:
    """Read the cases of every file."""
    return tuple(case for file in case_files() for case in file.cases)


def kind_of_folder(name: str) -> str:
    """Return the kind of source of a folder of real files; two are not named after theirs."""
    return {"k8s": "kubernetes", "plan": "terraform-plan"}.get(name, name)


def written_keys(text: str) -> tuple[set[str], set[str]]:
    """Return the anchors that a YAML text defines and the aliases that refer to them."""
    tokens = list(yaml.scan(text, Loader=yaml.CSafeLoader))
    anchors = {token.value for token in tokens if isinstance(token, yaml.AnchorToken)}
    aliases = {token.value for token in tokens if isinstance(token, yaml.AliasToken)}
    return anchors, aliases
