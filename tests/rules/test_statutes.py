"""What files of citations and numbers define, and what of them is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.files.source import Source, read_source
from pytest_icp.law.errors import InputError
from pytest_icp.rules.numbers import Number
from pytest_icp.rules.statutes import gather

SAY = {"zh": "自订", "en": "our own"}
VERSION: dict[str, Any] = {
    "article": SAY,
    "effective_from": "2020-01-01",
    "source": {"zh": "官方文本", "en": "Official text"},
    "confidence": "primary",
}
CITATION: dict[str, Any] = {"id": "own-1", "statute": SAY, "subject": SAY, "versions": [VERSION]}
PARAMETER: dict[str, Any] = {
    "id": "own.n",
    "title": SAY,
    "unit": "days",
    "values": [{"value": 30, "source": {"zh": "自定", "en": "Our own"}, "confidence": "default"}],
}


def written(path: Path, content: dict[str, Any]) -> tuple[Source, dict[str, Any]]:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    return read_source(path), content


def test_citations_and_numbers_are_known_by_their_ids(tmp_path: Path) -> None:
    ended = {**VERSION, "effective_to": "2022-12-31", "quote": SAY}
    law = gather(
        [
            written(tmp_path / "a.yaml", {"citations": [CITATION]}),
            written(tmp_path / "b.yaml", {"parameters": [PARAMETER]}),
            written(
                tmp_path / "c.yaml", {"citations": [{**CITATION, "id": "x", "versions": [ended]}]}
            ),
        ]
    )
    assert set(law.citations) == {"own-1", "x"}
    number = law.parameters["own.n"]
    assert isinstance(number, Number)
    assert number.newest.n == 30
    (open_ended,), (closed,) = (law.citations[name].versions for name in ("own-1", "x"))
    assert (open_ended.effective_to, open_ended.quote) == (None, None)
    assert closed.effective_to == date(2022, 12, 31)
    assert closed.quote is not None


def test_what_is_defined_twice_is_refused(tmp_path: Path) -> None:
    entries = {"citations": [CITATION]}
    one, other = (written(tmp_path / name, entries) for name in ("a.yaml", "b.yaml"))
    with pytest.raises(InputError) as caught:
        gather([one, other])
    assert "defined twice" in caught.value.message.en
    assert caught.value.place is not None
    assert caught.value.place.path == other[0].path
