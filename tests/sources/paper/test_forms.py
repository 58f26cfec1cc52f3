"""Papers of other companies, as printed and as tools take them apart, are read as by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_icp.facts.paper import PaperLicence
from tests.degrading import DATA, read, silent

FORMS = DATA / "forms"
EXPECTED: dict[str, Any] = yaml.load(
    (FORMS / "expected.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
)
PLAIN = (
    *("number", "holder", "legal_representative", "registered_capital", "registered_address"),
    *("issued_on", "valid_until", "issuing_authority"),
)


def brief(value: Any) -> Any:
    """An address as printed, an authority by its kind."""
    return value.get("text") or value.get("kind") if isinstance(value, dict) else value


def facts(reading: PaperLicence) -> dict[str, Any]:
    plain = {name: brief(getattr(reading, name).value) for name in PLAIN}
    lines = [
        [line.name.value, line.scope.value, line.areas.value, list(line.permits)]
        for line in reading.service_lines
    ]
    rows = [
        [
            row.kind,
            *(row.name.value, row.domains.value, brief(row.server_location.value)),
            row.access_provider.value,
        ]
        for row in reading.attachments
    ]
    found = {**plain, "lines": lines, "rows": rows}
    return {name: value for name, value in found.items() if value not in (None, [])}


def test_every_paper_has_its_facts() -> None:
    assert {path.stem for path in FORMS.glob("*.txt")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_paper_is_read_as_by_hand(name: str) -> None:
    reading = read(Path(FORMS, f"{name}.txt").read_text("utf-8"))
    assert facts(reading) == EXPECTED[name]
    assert silent(reading) == []
