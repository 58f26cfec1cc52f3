"""Readers of what is packed or evaluated: workbooks, other archives, tables, Terraform source."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from pytest_icp.facts.files.budget import OverBudgetError
from pytest_icp.fleet.planning import Inputs, plan
from pytest_icp.law.errors import InputError
from pytest_icp.sources.register.files import read_workbook
from tests.attack.mutating import Mutator
from tests.attack.reading import derive, in_this_process, write


def read_terraform(text: str, folder: Path) -> None:
    """Evaluate a file, and derive facts of it."""
    infra = folder / "infra"
    write(infra, {"main.tf": text.encode("utf-8", "surrogatepass")})
    with in_this_process():
        derive(infra, "terraform")


def functions(texts: Sequence[str], calls: Sequence[str], mutator: Mutator) -> str:
    """Return source that calls functions, some of them with what belongs to another."""
    pick = mutator.random.choice
    lines = []
    for number in range(mutator.random.randrange(1, 30)):
        (name, _, own), (_, _, other) = pick(calls).partition("("), pick(calls).partition("(")
        call = f"{name}({pick((own, other))}"
        lines.append(f"  v{number} = {pick((call, call, f'[for x in {call} : x]'))}")
    text = "\n".join(["locals {", *lines, "}", pick(texts)])
    return pick((text, mutator.text([text])))


def flipped(raws: Sequence[str], mutator: Mutator) -> str:
    """Return bytes of which a few are others, or that are changed as texts are."""
    text = mutator.random.choice(raws)
    if not mutator.random.randrange(4):
        return mutator.text([text])
    for _ in range(mutator.random.choice((1, 1, 2, 8))):
        at = mutator.random.randrange(len(text))
        text = text[:at] + chr(mutator.random.randrange(256)) + text[at + 1 :]
    return text


def raw_of(text: str) -> bytes:
    """Return the bytes that a text of Latin-1 stands for."""
    return text.encode("latin-1", "replace")


def _read_book(raw: bytes, folder: Path) -> None:
    with in_this_process():
        read_workbook(folder / "complaints.xlsx", raw)


def read_archive(text: str, folder: Path) -> None:
    """Read the bytes of a workbook."""
    _read_book(raw_of(text), folder)


def read_parts(text: str, folder: Path) -> None:
    """Read a workbook of the parts that a text has, each behind a line with its name."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for part in dict.fromkeys(text.split(_NAMED)[1:]):
            name, _, content = part.partition("\n")
            if name.isascii() and name not in out.namelist():
                out.writestr(name, content.encode("utf-8", "surrogatepass"))
    _read_book(packed.getvalue(), folder)


def part_changed(parts: Sequence[str], mutator: Mutator) -> str:
    """Return the parts of a workbook, one or two of them changed."""
    made = list(parts)
    for _ in range(mutator.random.choice((1, 1, 2))):
        at = mutator.random.randrange(len(made))
        name, _, content = made[at].partition("\n")
        made[at] = f"{name}\n{mutator.text([content])}"
    return "".join(made)


_NAMED = "==> "
_PLAIN = ("theme", "docProps")
"""The parts that say nothing, and are most of a small workbook."""


def book() -> bytes:
    """Return a small workbook of texts, numbers, dates and two sheets."""
    openpyxl, raw, packed = import_module("openpyxl"), BytesIO(), BytesIO()
    made: Any = openpyxl.Workbook()
    moment = import_module("datetime").datetime(2023, 9, 1, 12)
    for row in (["标识", "种类", "收到时间"], ["c-1", 7, moment], [True, None, 45170.5, "=A1"]):
        made.active.append(row)
    made.create_sheet("投诉").append(["a"])
    made.save(raw)
    with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name in parts.namelist():
            if not any(plain in name for plain in _PLAIN):
                out.writestr(name, parts.read(name))
    return packed.getvalue()


def parts_of(raw: bytes) -> tuple[str, ...]:
    """Return the parts of a workbook, each behind a line with its name."""
    with zipfile.ZipFile(BytesIO(raw)) as parts:
        return tuple(f"{_NAMED}{name}\n{parts.read(name).decode()}" for name in parts.namelist())


def read_table(name: str, text: str, folder: Path) -> None:
    """Read every row of a table, as `fleet` does."""
    path = folder / name
    binary = name.endswith(".parquet")
    path.write_bytes(raw_of(text) if binary else text.encode("utf-8", "surrogatepass"))
    for shard in plan(Inputs(named=(str(path),), files=(), base=folder)):
        for item in shard.items():
            with suppress(InputError, OverBudgetError):
                item.load()


def parquet(rows: Sequence[str | None], **how: Any) -> str:
    """Return a table of Parquet, as a text of Latin-1."""
    pyarrow = import_module("pyarrow")
    return _written({"description": pyarrow.array(rows), "id": pyarrow.array(rows)}, how)


def _written(columns: Mapping[str, Any], how: Mapping[str, Any]) -> str:
    raw, table = BytesIO(), import_module("pyarrow").table(columns)
    import_module("pyarrow.parquet").write_table(table, raw, **how)
    return raw.getvalue().decode("latin-1")


_TYPES = ("string", "large_string", "binary", "large_binary", "string_view", "binary_view")


def table(rows: Sequence[str], mutator: Mutator) -> str:
    """Return a table of Parquet of some type and layout."""
    pyarrow, random = import_module("pyarrow"), mutator.random
    count = random.choice((0, 1, 5, 70))
    texts = [random.choice((None, *rows, mutator.text(rows))) for _ in range(count)]
    whole = [text and text.encode("utf-8", "replace").decode() for text in texts]
    column = pyarrow.array(whole, pyarrow.string())
    match random.randrange(4):
        case 0:
            column = column.dictionary_encode()
        case 1:
            other = random.choice(([], [1.5], [{"a": ["b"]}], [None], [b"\xff"], [True]))
            column = pyarrow.array(other * 3)
        case _:
            column = column.cast(getattr(pyarrow, random.choice(_TYPES))())
    names = random.choice((("description",), ("description", "id"), ("id",), ("description.x",)))
    how = {"use_dictionary": random.random() < 0.5, "row_group_size": random.choice((1, 3, None))}
    return _written(dict.fromkeys(names, column), how)


lines = partial(read_table, "many.jsonl")
columns = partial(read_table, "many.parquet")
