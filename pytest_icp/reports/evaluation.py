"""An evaluation as one JSON document, for scripts; ``evaluation.schema.json`` describes it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.facts.files.schema import Problem, problems_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.reports.jsonl import lines_of, place_of, records_of
from pytest_icp.reports.layout import both_languages, json_text, one_line
from pytest_icp.reports.run import VERSION, Run, location_at, whole


def evaluation_json(run: Run | None, errors: Iterable[InputError], base: Path) -> str:
    """Return a run and errors beside it; the run is None if there was none.

    Paths of errors are relative to ``base``. Without a run there are no empty lists of rules or
    findings, which a script could take for a run without any.
    """
    document: dict[str, object] = {"apiVersion": VERSION}
    if run:
        document |= {
            "as_of": run.as_of,
            "rules": _standings(run),
            **_parts(run),
            "findings": lines_of(run),
            "records": [*records_of(run)],
        }
    document["errors"] = [_error(one, base) for error in errors for one in problems_of(error)[0]]
    return json_text(document, indented=True)


def _standings(run: Run) -> dict[str, dict[str, str]]:
    """Return how each rule of each description stands."""
    found: dict[str, dict[str, str]] = {}
    for result in whole(run).results:
        found.setdefault(one_line(result.description), {})[result.rule_id] = result.standing
    return found


def _parts(run: Run) -> dict[str, object]:
    """Return how each part of a rule stands, where rules have parts."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for result in whole(run).results:
        for part in result.parts:
            rules = found.setdefault(one_line(result.description), {})
            rules.setdefault(result.rule_id, {})[part.name] = part.standing
    return {"parts": found} if found else {}


def _error(problem: InputError | Problem, base: Path) -> dict[str, object]:
    lead = f"{base}{os.sep}"

    def said(text: Text) -> dict[str, str]:
        return both_languages(Text(zh=text.zh.replace(lead, ""), en=text.en.replace(lead, "")))

    error: dict[str, object] = {"message": said(problem.message)}
    if problem.place:
        spot = location_at(problem.place)
        near = spot.path.removeprefix(f"{base.as_posix()}/")
        error["place"] = place_of(replace(spot, path=near))
    if problem.hint.en:
        error["fix"] = said(problem.hint)
    return error
