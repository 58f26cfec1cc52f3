"""Small descriptions, laid down in every way that a fleet is read, and its tables read back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from pytest_icp.fleet.judging import Task
from pytest_icp.fleet.planning import Inputs
from pytest_icp.fleet.running import Summary, Workers, run_fleet
from tests.helpers import UNSTATED

DAY = date(2025, 12, 1)
FILES = ("*.icp.yaml", "*.icp.yml", "*.icp.json")
HERE = Workers()

DOCUMENT = "evidence/letter.txt"
LETTER = b"a letter"


def facts(number: int = 1) -> dict[str, Any]:
    """Return a small description: some rules are violated in it, most are unknown."""
    return {
        "apiVersion": "pytest-icp/v1",
        "select": "all",
        "licence": {
            "number": f"京B2-2021{number:04}",
            "holder": f"示例第{number}科技有限公司",
            "issued_on": "2021-01-04",
            "first_issued_on": "2021-01-04",
            "valid_until": "2026-01-04",
            "status": "正常",
            "service_lines": [
                {
                    "name": "信息服务业务（仅限互联网信息服务）",
                    "scope": "不含信息搜索查询服务、信息社区服务、信息即时交互服务和信息保护和"
                    "加工处理服务。",
                }
            ],
            "issuing_authority": {"kind": "CA", "province": "北京", "inferred": False},
        },
        "renewal": {"intention": "renew", "applied_on": "never"},
        "attestations": [
            {
                "id": "letter",
                "rule": "SP01/work-safety",
                "document": DOCUMENT,
                "issued_on": "2025-11-01",
                **UNSTATED,
                "owner": {"role": "法务岗"},
            }
        ],
    }


def text(number: int = 1) -> str:
    """Return the same as JSON."""
    return json.dumps(facts(number), ensure_ascii=False)


def lay_folder(folder: Path, *numbers: int) -> Path:
    """Write descriptions, each in a folder of its own with its letter."""
    for number in numbers:
        own = folder / f"c{number}"
        (own / "evidence").mkdir(parents=True)
        (own / "c.icp.json").write_text(text(number), "utf-8")
        (own / DOCUMENT).write_bytes(LETTER)
    return folder


def lay_lines(path: Path, *numbers: int) -> Path:
    """Write descriptions as JSON Lines."""
    path.write_text("".join(f"{text(number)}\n" for number in numbers), "utf-8")
    return path


def lay_parquet(path: Path, *numbers: int, group: int = 100) -> Path:
    """Write descriptions as Parquet."""
    table = {"id": [f"c{n}" for n in numbers], "description": [text(n) for n in numbers]}
    pyarrow.parquet.write_table(pyarrow.table(table), path, row_group_size=group)
    return path


def task(day: date = DAY, **changed: Any) -> Task:
    """Return what a run is judged by."""
    return Task(day=day, **changed).with_versions()


def judged(
    out: Path | str, *named: Path | str, base: Path, workers: Workers = HERE, of: Task | None = None
) -> Summary:
    """Run a fleet."""
    inputs = Inputs(named=tuple(map(str, named)), files=FILES, base=base)
    return run_fleet(inputs, of or task(), str(out), workers)


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table, in the order of descriptions."""
    parts = [pyarrow.parquet.read_table(one) for one in sorted((out / table).glob("*.parquet"))]
    found: list[dict[str, Any]] = pyarrow.concat_tables(parts).to_pylist()
    return sorted(found, key=lambda row: row["description"])


def tree(out: Path) -> dict[str, bytes]:
    """Return the bytes of all files of a place."""
    files = (one for one in sorted(out.rglob("*")) if one.is_file())
    return {one.relative_to(out).as_posix(): one.read_bytes() for one in files}


def verdicts(out: Path, description: str) -> dict[str, str]:
    """Return the verdict of each rule on a description."""
    return {
        row["rule"]: row["verdict"]
        for row in rows(out, "verdicts")
        if row["description"] == description
    }
