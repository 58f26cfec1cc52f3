"""How many rules can be decided without a line written by hand: by files and by registers.

The example repository is taken without its hand-written facts: first the licence alone, then with
the files that are deployed, then with a CSV register for each list that its papers have, as
people would keep it. What is left says which facts no table has.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

import pytest_icp
from pytest_icp.sources.register.columns import Register, registers

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "repository"
DAY = "2026-11-24"
ROWS: Mapping[str, Any] = {True: "是", False: "否", None: ""}


def main() -> None:
    """Print how many rules of the licence are decided at each step."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(shutil.copytree(EXAMPLE, Path(name) / "repository"))
        written = yaml.safe_load((folder / "site.icp.yaml").read_text("utf-8"))
        facts = pytest_icp.load(EXAMPLE / "site.icp.yaml").facts
        tables = write_registers(facts, folder / "registers")
        licence: dict[str, Any] = {
            "apiVersion": written["apiVersion"],
            "licence_file": written["licence_file"],
        }
        deployed = licence | {"sources": written["sources"]}
        kept = {"sources": [*written["sources"], {"kind": "register", "path": "registers"}]}
        print(f"{tables} registers; as of {DAY}\n")
        for title, description in (
            ("the licence alone", licence),
            ("with the files that are deployed", deployed),
            ("with registers", licence | kept),
        ):
            path = folder / "counted.icp.yaml"
            path.write_text(yaml.safe_dump(description, allow_unicode=True), "utf-8")
            results = pytest_icp.evaluate(pytest_icp.load(path), as_of=DAY)
            verdicts = Counter(result.verdict.value for result in results)
            decided = len(results) - verdicts["unknown"]
            print(f"{title}: {decided} of {len(results)} rules decided; {dict(verdicts)}")


def write_registers(facts: Mapping[str, Any], folder: Path) -> int:
    """Write a register for each list that has elements or is empty; return how many."""
    folder.mkdir()
    number = 0
    for register in registers().values():
        rows = list(_rows(facts, register))
        if rows or _declared(facts, register):
            number += 1
            with (folder / f"{register.name}.csv").open("w", encoding="gbk", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(column.title.zh for column in register.columns)
                writer.writerows(rows)
    return number


def _declared(facts: Mapping[str, Any], register: Register) -> bool:
    value: Any = facts
    for step in register.name.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return isinstance(value, list)


def _rows(facts: Mapping[str, Any], register: Register) -> Iterator[list[str]]:
    """Yield a row for each element, with what its columns can say."""
    for above, element in _elements(facts, register):
        row = []
        for column in register.columns:
            value: Any = element
            for step in column.path.split(".") if column.path else ():
                value = value.get(step) if isinstance(value, Mapping) else None
            value = above if not column.path else value
            row.append(_cell(None if isinstance(value, Mapping) else value))
        yield row


def _elements(facts: Mapping[str, Any], register: Register) -> Iterator[tuple[str, Any]]:
    *above, name = register.name.split(".")
    holder: Any = facts
    for step in above:
        holder = holder.get(step) or {}
    for one in holder if isinstance(holder, list) else [holder]:
        for element in one.get(name) or ():
            yield str(one.get("id", "")), element


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "；".join(map(_cell, value)) or "[]"
    return ROWS[value] if value is None or isinstance(value, bool) else str(value)


if __name__ == "__main__":
    main()
