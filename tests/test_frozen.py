"""The frozen verdicts are those of today, but for the differences that are meant."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.frozen.__main__ import FROZEN, MEANT
from tests.frozen.answers import Answers, Line, digested, read, report_line
from tests.frozen.comparing import differences, entries, judged, report
from tests.frozen.situations import answers

LATE = "cases/SP12/late"


def test_nothing_differs_but_what_is_meant() -> None:
    frozen = read(FROZEN.read_text("utf-8"))
    assert len(frozen) > 3900
    left, unused = judged(differences(frozen, digested(answers())), entries(MEANT))
    assert not report(left, unused), "python -m tests.frozen compare"


def situation(verdict: str, **subject: str) -> Answers:
    """One rule in one situation, and its subject."""
    return {LATE: {"SP12/renewal": {"": Line(verdict), "renewal": Line(verdict, **subject)}}}


OLD = situation("violated", pointer="/renewal/applied_on", due="2023-12-07")


def compared(
    folder: Path, new: Answers, *some: str, rule: str = "SP12/*", where: str = "cases/*"
) -> str:
    """What is said of a change, with an entry for each of the differences."""
    named = {"rule": rule, "situation": where, "reason": "it is meant"}
    rows = [{**named, **dict([one.split(": ")])} for one in some]
    file = folder / "differences.yaml"
    file.write_bytes(msgspec.yaml.encode({"differences": rows, "frozen_again": []}))
    return report(*judged(differences(OLD, new), entries(file)))


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("pointer", "/renewal/applied_on → /renewal"),
        ("due", "2023-12-07 → nothing"),
        ("upcoming", "nothing → 2023-12-08"),
        ("notes", "nothing → due soon"),
        ("words", "nothing → 0f1e2d3c"),
    ],
)
def test_a_changed_field_needs_an_entry_that_names_it(
    tmp_path: Path, field: str, change: str
) -> None:
    as_before = {"pointer": "/renewal/applied_on", "due": "2023-12-07"}
    text = change.partition(" → ")[2].replace("nothing", "")
    new = situation("violated", **{**as_before, field: text})
    assert f'{field}: "{change}"' in compared(tmp_path, new)
    assert compared(tmp_path, new, "verdict: * → *")
    assert not compared(tmp_path, new, f"{field}: {change}")
    assert not compared(tmp_path, new, f"{field}: * → *")


def test_an_entry_holds_for_its_rule_situation_and_change_alone(tmp_path: Path) -> None:
    new = situation("unknown")
    assert compared(tmp_path, new, "verdict: violated → satisfied")
    assert compared(tmp_path, new, "verdict: satisfied → unknown")
    assert compared(tmp_path, new, "verdict: * → *", rule="SP12/renew")
    assert compared(tmp_path, new, "verdict: * → *", where="SP12/*")


def test_an_entry_that_allows_nothing_fails(tmp_path: Path) -> None:
    assert not compared(tmp_path, OLD)
    said = compared(tmp_path, OLD, "due: 2023-12-07 → nothing")
    assert said.startswith("differences.yaml allows what does not differ: SP12/*, cases/*: due")


def test_an_entry_gives_its_reason(tmp_path: Path) -> None:
    file = tmp_path / "differences.yaml"
    file.write_text("differences: [{rule: SP12/renewal, situation: a, verdict: a → b, reason: }]")
    with pytest.raises(msgspec.ValidationError, match="reason"):
        entries(file)


def test_many_of_one_sort_are_one_entry() -> None:
    old = {f"cases/SP12/{i}": OLD[LATE] for i in range(9)}
    new = {name: situation("unknown")[LATE] for name in old}
    left = [*differences(old, new)]
    said = report(left, [])
    assert said.count("- rule: SP12/renewal") == 1
    assert 'situation: "cases/SP12*"\n    verdict: "violated → unknown"' in said
    assert "# … and 4 more" in said
    assert report(left, [], every=True).count("# cases/") == 9


def test_changed_words_are_shown_where_they_are_known() -> None:
    old, new = (
        {"reports/a": {"report": {"": report_line(f"one\n{second}\nabcdef0123456789\n")}}}
        for second in ("two", "three")
    )
    said = report([*differences(old, new)], [])
    assert "other words\n#   @@ -1,3 +1,3 @@\n#    one\n#   -two\n#   +three\n#    …\n" in said
    said = report([*differences(digested(old), digested(new))], [])
    assert "reports/a: other words; compare --against COMMIT shows them\n" in said
    assert not [*differences(digested(old), digested(old))]
