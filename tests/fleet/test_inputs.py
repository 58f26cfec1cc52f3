"""The same descriptions, in whatever they come, are judged alike."""

from __future__ import annotations

import errno
import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow
import pyarrow.parquet
import pytest

import pytest_icp
from pytest_icp.fleet import inputs as cutting
from pytest_icp.fleet import judging
from pytest_icp.fleet.place import ResultPlace
from pytest_icp.fleet.planning import Inputs, plan
from pytest_icp.fleet.report import figures
from pytest_icp.fleet.storage import Unread
from pytest_icp.law.errors import InputError
from tests.fleet.made import (
    DAY,
    FILES,
    facts,
    judged,
    lay_folder,
    lay_lines,
    lay_parquet,
    rows,
    task,
    text,
    verdicts,
)

if TYPE_CHECKING:
    from pytest_icp.engine import Scene
    from pytest_icp.kinds.finding import Outcome
    from pytest_icp.rules.policy import Obligation, Policy

ATTESTED = "SP01/work-safety"


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("laid")
    lay_folder(base / "all", 1)
    lay_lines(base / "all.jsonl", 1)
    lay_parquet(base / "all.parquet", 1)
    return base


@pytest.fixture(scope="module")
def alone(laid: Path) -> dict[str, str]:
    """The verdicts of one run, as `evaluate` gives them."""
    description = pytest_icp.load(laid / "all/c1/c.icp.json")
    results = pytest_icp.evaluate(description, as_of=DAY)
    return {one.rule_id: one.verdict.value for one in results}


@pytest.mark.parametrize(
    ("named", "description"),
    [
        ("all/c1/c.icp.json", "all/c1/c.icp.json"),
        ("all", "all/c1/c.icp.json"),
        ("all/**/*.icp.json", "all/c1/c.icp.json"),
    ],
)
def test_a_description_with_its_files_is_judged_as_in_one_run(
    laid: Path, alone: dict[str, str], tmp_path: Path, named: str, description: str
) -> None:
    judged(tmp_path / "out", laid / named, base=laid)
    assert verdicts(tmp_path / "out", description) == alone
    assert alone[ATTESTED] == "satisfied"
    assert rows(tmp_path / "out", "errors") == []
    assert {row["path"] for row in rows(tmp_path / "out", "findings")} == {description}


@pytest.mark.parametrize(
    ("named", "description"),
    [("all.jsonl", "all.jsonl#1"), ("all.parquet", "all.parquet#c1")],
)
def test_what_the_files_beside_a_row_would_hold_is_unknown(
    laid: Path, alone: dict[str, str], tmp_path: Path, named: str, description: str
) -> None:
    judged(tmp_path / "out", laid / named, base=laid)
    found = verdicts(tmp_path / "out", description)
    assert found == {**alone, ATTESTED: "unknown"}
    (row,) = (one for one in rows(tmp_path / "out", "findings") if one["rule"] == ATTESTED)
    assert row["message_en"].startswith("this description has no files beside it")
    assert "没有随附文件" in row["message_zh"]
    # A row has no lines: the pointer leads to the fact.
    assert (row["path"], row["line"]) == (f"{named}#1", None)
    assert row["pointer"].startswith("/attestations/")


def test_what_is_certain_of_a_document_that_nobody_can_look_at_stays_certain(
    tmp_path: Path,
) -> None:
    stale = facts()
    stale["attestations"][0]["issued_on"] = "2020-01-01"
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(stale)}\n", "utf-8")
    judged(tmp_path / "out", tmp_path / "a.jsonl", base=tmp_path)
    assert verdicts(tmp_path / "out", "a.jsonl#1")[ATTESTED] == "violated"


def test_sources_of_a_row_are_not_read(tmp_path: Path) -> None:
    with_source = {**facts(), "sources": [{"kind": "kubernetes", "path": "deploy.yaml"}]}
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(with_source)}\n", "utf-8")
    judged(tmp_path / "out", tmp_path / "a.jsonl", base=tmp_path)
    found = verdicts(tmp_path / "out", "a.jsonl#1")
    assert "satisfied" not in found.values()
    said = {row["message_en"] for row in rows(tmp_path / "out", "findings")}
    assert any("this description has no files beside it" in one for one in said)


@pytest.mark.parametrize("name", ["include", "licence_file"])
def test_a_row_that_is_continued_elsewhere_cannot_be_judged(tmp_path: Path, name: str) -> None:
    elsewhere = {**facts(), name: "x.yaml" if name == "licence_file" else ["x.yaml"]}
    del elsewhere["licence"]
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(elsewhere)}\n", "utf-8")
    judged(tmp_path / "out", tmp_path / "a.jsonl", base=tmp_path)
    (row,) = rows(tmp_path / "out", "errors")
    assert row["what"] == "description"
    assert row["message_en"] == "this description has no files beside it"
    assert name in row["hint_zh"]
    assert name in row["hint_en"]


def test_shards_have_so_many_rows_and_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "MOST_ROWS", 2)
    numbers = range(1, 6)
    lay_lines(tmp_path / "a.jsonl", *numbers)
    lay_parquet(tmp_path / "a.parquet", *numbers, group=3)
    lay_folder(tmp_path / "all", *numbers)
    for named, sizes in (
        ("a.jsonl", [2, 2, 1]),
        ("a.parquet", [2, 1, 2]),
        ("all", [2, 2, 1]),
    ):
        inputs = Inputs(named=(str(tmp_path / named),), files=FILES, base=tmp_path)
        found = [[item.name for item in one.items()] for one in plan(inputs)]
        assert [len(names) for names in found] == sizes
        assert len({name for names in found for name in names}) == len(numbers)
    monkeypatch.setattr(cutting, "MOST_BYTES", 10)
    for named in ("a.jsonl", "a.parquet", "all"):
        inputs = Inputs(named=(str(tmp_path / named),), files=FILES, base=tmp_path)
        assert len(list(plan(inputs))) == len(numbers)


def test_a_line_that_is_too_long_is_an_error_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "LARGEST_ROW", 2000)
    path = tmp_path / "a.jsonl"
    path.write_text(f"{text(1)}\n{' ' * 9000}\n\n{text(2)}\n{text(3)}", "utf-8")
    judged(tmp_path / "out", path, base=tmp_path)
    (row,) = rows(tmp_path / "out", "errors")
    assert row["description"] == "a.jsonl#2"
    assert row["message_en"].startswith("this row has more than")
    found = {row["description"] for row in rows(tmp_path / "out", "verdicts")}
    assert found == {"a.jsonl#1", "a.jsonl#4", "a.jsonl#5"}


def test_lines_that_change_after_the_plan_are_not_passed_off(tmp_path: Path) -> None:
    path = lay_lines(tmp_path / "a.jsonl", 1)
    (one,) = plan(Inputs(named=(str(path),), files=FILES, base=tmp_path))
    for content in (text(2), ""):
        path.write_text(content, "utf-8")
        with pytest.raises(InputError, match="was changed while"):
            list(one.items())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"other": ["x"]}, "no column 'description'"),
        ({"descriptions": ["x"]}, "no column 'description'"),
        ({"description": [1]}, "'description' is int64, not text"),
    ],
)
def test_a_table_without_descriptions_is_one_error(
    tmp_path: Path, content: dict[str, list[object]], said: str
) -> None:
    pyarrow.parquet.write_table(pyarrow.table(content), tmp_path / "a.parquet")
    lay_lines(tmp_path / "b.jsonl", 1)
    judged(tmp_path / "out", tmp_path / "a.parquet", tmp_path / "b.jsonl", base=tmp_path)
    (row,) = rows(tmp_path / "out", "errors")
    assert (row["what"], row["description"], row["path"]) == ("input", *["a.parquet"] * 2)
    assert said in row["message_en"]
    assert verdicts(tmp_path / "out", "b.jsonl#1")


@pytest.mark.parametrize("lines", [b"", b" \n\n"])
def test_a_table_without_rows_is_one_error(tmp_path: Path, lines: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines)
    none = pyarrow.table({"description": pyarrow.array([], pyarrow.string())})
    pyarrow.parquet.write_table(none, tmp_path / "a.parquet")
    judged(tmp_path / "out", tmp_path / "a.jsonl", tmp_path / "a.parquet", base=tmp_path)
    found = rows(tmp_path / "out", "errors")
    assert [row["path"] for row in found] == ["a.jsonl", "a.parquet"]
    assert {row["message_en"] for row in found} == {"it has no row with a description"}


def test_a_row_without_a_description_and_one_that_is_none(tmp_path: Path) -> None:
    table = {"description": [None, b"{", text().encode()], "id": ["a", None, "c/d\n"]}
    pyarrow.parquet.write_table(pyarrow.table(table), tmp_path / "a.parquet")
    judged(tmp_path / "out", tmp_path / "a.parquet", base=tmp_path)
    bad = {row["description"] for row in rows(tmp_path / "out", "errors")}
    assert bad == {"a.parquet#a", "a.parquet#2"}
    assert verdicts(tmp_path / "out", "a.parquet#c/d ")


@pytest.mark.parametrize("cut", [0, 4, 400, -8, -200])
def test_a_parquet_file_that_is_cut_or_is_none_is_one_error(tmp_path: Path, cut: int) -> None:
    whole = lay_parquet(tmp_path / "a.parquet", 1).read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole[:cut])
    judged(tmp_path / "out", tmp_path / "a.parquet", base=tmp_path)
    (row,) = rows(tmp_path / "out", "errors")
    assert row["message_en"] == "not a readable Parquet file"


def test_pages_of_parquet_that_are_broken_are_one_error(tmp_path: Path) -> None:
    path = lay_parquet(tmp_path / "a.parquet", 1)
    whole = bytearray(path.read_bytes())
    whole[60:600] = b"\xff" * 540
    path.write_bytes(whole)
    judged(tmp_path / "out", path, base=tmp_path)
    assert {row["what"] for row in rows(tmp_path / "out", "errors")} == {"input"}


def test_what_is_not_there_or_cannot_be_read_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    (tmp_path / "empty").mkdir()
    for named, said in (
        ("nowhere.jsonl", "no such file"),
        ("*.parquet", "no file matches"),
        ("notes.txt", "neither a description, JSON Lines nor Parquet"),
        ("empty", "there is no description"),
    ):
        with pytest.raises(InputError) as refused:
            judged(tmp_path / "out", tmp_path / named, base=tmp_path)
        assert said in refused.value.text("en")


def test_a_shard_of_a_file_outside_is_named_by_its_whole_path(tmp_path: Path) -> None:
    path = lay_lines(tmp_path / "a.jsonl", 1)
    (one,) = plan(Inputs(named=(str(path),), files=FILES, base=tmp_path / "elsewhere"))
    assert one.where == path.as_posix()


def test_a_name_that_is_no_text_is_escaped(tmp_path: Path) -> None:
    path = lay_folder(tmp_path, 1) / "c1" / "c.icp.json"
    named = path.rename(os.fsdecode(os.fsencode(path.parent) + b"/\xff.icp.json"))
    (named.parent / "broken.icp.json").write_text("{", "utf-8")
    judged(tmp_path / "out", tmp_path, base=tmp_path)
    assert {row["description"] for row in rows(tmp_path / "out", "verdicts")} == {
        "c1/\\udcff.icp.json"
    }
    (row,) = rows(tmp_path / "out", "errors")
    assert row["path"] == "c1/broken.icp.json"


def test_waivers_beside_a_description_are_told(tmp_path: Path) -> None:
    folder = lay_folder(tmp_path, 1) / "c1"
    (folder / "icp-waivers.yaml").write_text(
        "apiVersion: pytest-icp/v1\nwaivers:\n  - {rule: SP12/renewal, subject: '*', "
        "reason: the renewal is under way, owner: legal, expires: 2026-03-01}\n",
        "utf-8",
    )
    judged(tmp_path / "out", folder, base=tmp_path)
    waived = {r["rule"]: r["waived_until"] for r in rows(tmp_path / "out", "verdicts")}
    assert waived["SP12/renewal"] == date(2026, 3, 1)
    tally = figures(ResultPlace(str(tmp_path / "out"))).rules["SP12/renewal"]
    assert (tally.waived, tally.violated) == (1, 0)
    (folder / "icp-waivers.yaml").write_text("waivers: [{rule: SP99/none}]\n", "utf-8")
    judged(tmp_path / "other", folder, base=tmp_path)
    (row,) = rows(tmp_path / "other", "errors")
    assert row["path"] == "c1/icp-waivers.yaml"


def test_a_crash_of_a_check_is_an_error_and_the_other_rules_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome_of = judging.outcome_of

    def broken(scene: Scene, policy: Policy, obligation: Obligation) -> Outcome:
        if obligation.rule_id == "SP12/renewal":
            raise ZeroDivisionError
        return outcome_of(scene, policy, obligation)

    monkeypatch.setattr(judging, "outcome_of", broken)
    # No other test has judged as of this day.
    of = task(date(2025, 2, 3))
    judged(tmp_path / "out", lay_lines(tmp_path / "a.jsonl", 1), base=tmp_path, of=of)
    (row,) = rows(tmp_path / "out", "errors")
    assert (row["what"], row["rule"]) == ("rule", "SP12/renewal")
    assert row["message_en"].startswith("internal error: ZeroDivisionError")
    assert "SP12/exit" in verdicts(tmp_path / "out", "a.jsonl#1")


def test_a_source_that_cannot_be_read_is_an_error_beside_the_verdicts(tmp_path: Path) -> None:
    folder = lay_folder(tmp_path, 1) / "c1"
    with_source = {**facts(), "sources": [{"kind": "kubernetes", "path": "nowhere.yaml"}]}
    (folder / "c.icp.json").write_text(json.dumps(with_source), "utf-8")
    judged(tmp_path / "out", folder, base=tmp_path)
    (row,) = rows(tmp_path / "out", "errors")
    assert (row["what"], row["path"]) == ("source", "c1/c.icp.json")
    assert verdicts(tmp_path / "out", "c1/c.icp.json")


def test_a_row_group_is_decoded_step_by_step(tmp_path: Path) -> None:
    lay_parquet(tmp_path / "a.parquet", *range(cutting._STEP + 3))
    (one,) = plan(Inputs(named=(str(tmp_path / "a.parquet"),), files=FILES, base=tmp_path))
    assert [item.name for item in one.items()][-1] == f"a.parquet#c{cutting._STEP + 2}"


def test_a_disk_that_fails_is_no_broken_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lay_parquet(tmp_path / "a.parquet", 1)

    def down(*_: object) -> None:
        raise OSError(errno.EIO, "x")

    monkeypatch.setattr(cutting, "_parquet", down)
    with pytest.raises(Unread, match="an input or output error"):
        list(plan(Inputs(named=(str(path),), files=FILES, base=tmp_path)))


def test_a_description_that_is_a_broken_link_is_one_error(tmp_path: Path) -> None:
    folder = lay_folder(tmp_path / "all", 1)
    (folder / "x.icp.json").symlink_to("nowhere")
    judged(tmp_path / "out", folder, base=tmp_path)
    (row,) = rows(tmp_path / "out", "errors")
    assert row["description"] == "all/x.icp.json"
