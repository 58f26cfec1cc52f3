"""``pytest-icp facts``: every fact of a description, with its source and status."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeAlias

from pytest_icp.cli.output import Output
from pytest_icp.cli.project import Project, in_project
from pytest_icp.facts.derived import KNOWING, Status
from pytest_icp.facts.description import Description
from pytest_icp.kinds.locator import Locator
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, pointer
from pytest_icp.law.text import Text, suggested
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.facts import FactRow, fact_blocks, facts_json
from pytest_icp.reports.findings import CONTESTED, UNDECLARED
from pytest_icp.reports.sources import source_errors, source_remarks, source_section
from pytest_icp.sources.loading import all_facts

_At: TypeAlias = tuple[str | int, ...]

_NO_KIND = Text(zh="没有名为“{name}”的事实", en="there is no fact called {name!r}")


def run(arguments: Namespace) -> Output:
    """List the facts of a description."""
    for name in arguments.kind:
        if name not in all_facts():
            raise InputError(_NO_KIND.format(name=name), hint=suggested(name, all_facts()))

    def facts(project: Project) -> Output:
        description = project.read(project.description("pytest-icp facts {file}", arguments.named))
        return run_facts(description, arguments, project.screen)

    return in_project(arguments, facts, [arguments.named] if arguments.named else [])


def run_facts(description: Description, asked: Namespace, screen: Screen) -> Output:
    """Return the facts of the kinds, files and statuses that are asked for, of none: all.

    The exit code is 1 if a source of facts cannot be used.
    """
    rows = [row for row in _rows(description) if _is_asked_for(row, asked)]
    errors = [(error.message, error.place) for error in source_errors(description)]
    every = (gap for one in description.readings if one.derived for gap in one.gaps)
    gaps = [(gap.message, gap.place) for gap in dict.fromkeys(every)]
    sources = source_remarks(description, str(description.path))
    if asked.format == "json":
        text = facts_json(rows, errors, gaps, sources)
    else:
        lines = screen.in_each(fact_blocks(rows, errors, gaps))
        for section in source_section(sources, most=None):
            lines += ["", *screen.section(section)]
        text = "\n".join(lines)
    # Paths are shown relative to the current folder.
    shown = text.replace(f"{Path.cwd()}{os.sep}", "")
    return Output(text=shown, code=int(bool(errors)), exact=asked.format == "json")


def _is_asked_for(row: FactRow, asked: Namespace) -> bool:
    globs = (glob for one in asked.file for glob in (one, f"*/{one}"))
    return (
        (not asked.kind or row.kind in asked.kind)
        and (not asked.status or row.certainty in asked.status)
        and (not asked.file or any(fnmatchcase(row.location.path, glob) for glob in globs))
    )


def _rows(description: Description) -> Iterator[FactRow]:
    """Yield the facts of a description, each that is not an object or list of objects."""
    locator = Locator(description, Path.cwd())
    contested = {one.pointer for one in description.disagreements}
    for kind, value in description.facts.items():
        elements = enumerate(value) if isinstance(value, list) and value else ()
        found: list[tuple[str, _At, Json]]
        found = [(f"{kind}[{_name(one, i)}]", (kind, i), one) for i, one in elements]
        for element, at, one in found or [(kind, (kind,), value)]:
            for name, tokens, fact in _leaves(at, one):
                where = pointer(tokens)
                spot = locator.location(where)
                yield FactRow(
                    kind=kind,
                    element=element,
                    name=name,
                    pointer=where,
                    value=fact,
                    certainty=_certainty(fact, spot.status, contested=where in contested),
                    location=spot,
                )


def _leaves(at: _At, value: Json, name: str = "") -> Iterator[tuple[str, _At, Json]]:
    """Yield the facts at and below a place; the id of an element is in its name."""
    if isinstance(value, Mapping) and value:
        is_element = isinstance(at[-1], int)
        for key in [key for key in value if key != "id" or not is_element] or list(value):
            yield from _leaves((*at, key), value[key], f"{name}.{key}".lstrip("."))
    elif isinstance(value, list) and any(isinstance(one, (list, Mapping)) for one in value):
        for i, one in enumerate(value):
            yield from _leaves((*at, i), one, f"{name}[{_name(one, i)}]")
    else:
        yield name, at, value


def _certainty(value: Json, status: str, *, contested: bool) -> str:
    if contested:
        return CONTESTED
    if value is None and status in {"", *KNOWING}:
        return UNDECLARED
    return status or Status.KNOWN


def _name(element: Json, index: int) -> str:
    return str(element.get("id", index)) if isinstance(element, Mapping) else str(index)
