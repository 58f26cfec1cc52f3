"""Registers as JSON Lines: an object in each line, as databases and ticket systems export them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pytest_icp.facts.files.faults import EMPTY, Fault
from pytest_icp.facts.files.json import parse_json
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.register.cells import Cell, Scalar
from pytest_icp.sources.register.delimited import decoded
from pytest_icp.sources.register.grids import NOTE, Grid, Lines

SUFFIXES = (".jsonl", ".ndjson")


def read_json_lines(path: Path, raw: bytes) -> Grid:
    """Read an object from each line; its keys are headings, those inside an object after a dot.

    An object with the one key ``#`` is a note. Raises `InputError` with the line that is no object.
    """
    objects = list(_objects(path, decoded(path, raw)))
    if not objects:
        raise InputError(EMPTY, place=Place(path=path), hint=_NONE)
    records = [
        (number, {NOTE: NOTE} if [*one] == [NOTE] else dict(_flat(path, number, "", one)))
        for number, one in objects
    ]
    headings = dict.fromkeys(key for _, record in records for key in record if key != NOTE)
    lines = Lines(path)
    lines.add(0, None, tuple(headings))
    for number, record in records:
        cells = (NOTE,) if [*record] == [NOTE] else tuple(map(record.get, headings))
        lines.add(number, number, cells)
    return Grid(path=path, keyed=True, lines=lines.lines)


def _objects(path: Path, text: str) -> Iterator[tuple[int, JsonObject]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value, _ = parse_json(line.encode())
        except Fault as fault:
            place = Place(path=path, line=number, column=fault.start + 1)
            raise InputError(fault.message, place=place, hint=fault.hint) from None
        if not isinstance(value, dict):
            raise InputError(_NO_OBJECT, place=Place(path=path, line=number), hint=_OBJECT)
        yield number, value


def _flat(path: Path, number: int, above: str, value: JsonObject) -> Iterator[tuple[str, Cell]]:
    for name, inside in value.items():
        key = f"{above}{name}"
        if isinstance(inside, dict):
            yield from _flat(path, number, f"{key}.", inside)
        elif not isinstance(inside, list):
            yield key, _scalar(inside)
        elif any(isinstance(each, (dict, list)) for each in inside):
            place = Place(path=path, line=number)
            raise InputError(_NESTED.format(key=key), place=place, hint=_OWN_REGISTER)
        else:
            yield key, tuple(map(_scalar, inside))


def _scalar(value: Json) -> Scalar:
    return value if isinstance(value, (str, bool, int, float)) else None


_NONE = Text(
    zh="如果一件也没有，在描述文件中写 []", en="if there are none, write [] in the description"
)
_NO_OBJECT = Text(zh="这一行不是 JSON 对象", en="this line is no JSON object")
_OBJECT = Text(zh='例如 {"id": "c-1"}', en='such as {"id": "c-1"}')
_NESTED = Text(
    zh="“{key}”是一组对象，不能写在这里", en="{key} is a list of objects, which has no place here"
)
_OWN_REGISTER = Text(zh="另用一张登记表", en="keep it in a register of its own")
