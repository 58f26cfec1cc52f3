"""What is said of changed code, and that the list of changes without a difference is of today."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.mutation import LISTED, Change, change, entries, report

ROOT = Path(__file__).parents[1]
DIFF = """\
--- pytest_icp/law/times.py
+++ pytest_icp/law/times.py
@@ -1,4 +1,4 @@
 def add(a, b):
-    return plus(
-        a, b)
+    return plus(
+        a, )
"""
ONE = Change("pytest_icp/law/times.py: add", "return plus( a, b)", "return plus( a, )")


def test_a_change_is_read_from_its_diff() -> None:
    assert change(ONE.function, DIFF) == ONE


def test_what_is_found_and_listed_is_no_fault() -> None:
    assert not report([ONE, ONE], [ONE, ONE])


def test_a_change_that_is_not_listed_is_told() -> None:
    problem = f"no test notices this change of {ONE.function}"
    assert report([ONE, ONE], [ONE]) == f"{problem}\n  - {ONE.line}\n  + {ONE.becomes}\n"


def test_a_change_that_is_listed_and_not_found_is_told() -> None:
    assert report([], [ONE]).startswith(f"not found, but listed in {LISTED.name}: {ONE.function}\n")


def test_an_entry_gives_its_reason(tmp_path: Path) -> None:
    file = tmp_path / "list.yaml"
    file.write_text("equivalent: [{function: 'x.py: f', line: a, becomes: [b], reason: }]")
    with pytest.raises(msgspec.ValidationError, match="reason"):
        entries(file)


def test_each_line_that_is_listed_is_in_the_code() -> None:
    for one in entries(LISTED):
        code = (ROOT / one.function.partition(":")[0]).read_text("utf-8")
        assert "".join(one.line.split()) in "".join(code.split()), one
