"""Records that are a subject's, and valid on its day or ever since one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide
from tests.obligations import obligation

AS_OF = "2024-06-03"
RUNS = {"from": "from", "until": "until"}
PERMIT = {"id": "p", "kind": "news", "of": ["s"], "from": "2024-01-01", "until": "2024-12-31"}


def permitted(match: Any = None, where: Any = None, **more: Any) -> Any:
    permits = {"of": "/permits", "at": "kind", "match": match or {"of": "id"}}
    permits |= {"where": where} if where else {}
    return obligation("match", fact="kinds", among=permits, **{"if_none": "violated", **more})


def verdict(made: Any, permits: Any, **site: Any) -> str:
    subject = {"id": "s", "kinds": ["news"], "opened": "2024-02-01", **site}
    return str(decide(made, {"sites": [subject], "permits": permits}, AS_OF).verdict)


# ── which records are the subject's ─────────────────────────────────────────────────────────


# ── ever since a day ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("begins", "ends", "opened", "expected"),
    [
        ("2024-02-01", "2024-06-03", "2024-02-01", "satisfied"),
        ("2024-02-02", "2024-12-31", "2024-02-01", "violated"),
        ("2024-01-01", "2024-06-02", "2024-02-01", "violated"),
        ("2024-01-01", "none", "2024-02-01", "satisfied"),
        (None, "2024-12-31", "2024-02-01", "unknown"),
        (None, "2024-06-02", "2024-02-01", "violated"),
        ("2024-01-01", None, "2024-02-01", "unknown"),
        ("2024-02-02", None, "2024-02-01", "violated"),
        ("never", "2024-12-31", "2024-02-01", "violated"),
        ("2024-01-01", "2024-12-31", None, "unknown"),
        ("2024-01-01", "2024-06-02", None, "violated"),
        # What was never opened is looked at today.
        ("2024-06-03", "2024-12-31", "never", "satisfied"),
        ("2024-06-04", "2024-12-31", "never", "violated"),
    ],
)
def test_valid_ever_since(
    begins: str | None, ends: str | None, opened: str | None, expected: str
) -> None:
    made = permitted(valid={**RUNS, "since": "opened"})
    assert verdict(made, [{**PERMIT, "from": begins, "until": ends}], opened=opened) == expected


@pytest.mark.parametrize("until", [None, "2030-01-01"])
def test_whether_a_gap_is_over_since_long_must_be_certain(until: str | None) -> None:
    made = permitted(valid={**RUNS, "since": "opened"}, basis="own")
    again = {**PERMIT, "from": "2021-05-02", "until": until}
    assert verdict(made, [again], opened="2021-01-01") == ("satisfied" if until else "unknown")


# ── on a day ────────────────────────────────────────────────────────────────────────────────
