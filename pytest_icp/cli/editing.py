"""Sets values in a file that a person writes, and keeps all other text as it is (原样修改)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from pytest_icp.cli.output import write_new
from pytest_icp.facts.asof import NONE, NOT_APPLIED
from pytest_icp.facts.description import Description
from pytest_icp.facts.fields import asked_of
from pytest_icp.facts.files.disk import MEGABYTE, read_bytes, repository_of
from pytest_icp.facts.files.faults import Fault, flow
from pytest_icp.facts.files.positions import Node
from pytest_icp.facts.files.properties import members
from pytest_icp.facts.files.source import Source, read_source
from pytest_icp.facts.files.yaml import parse_yaml
from pytest_icp.facts.written import LICENCE, SCHEMA
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, dotted, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

Pointer: TypeAlias = tuple[str | int, ...]
"""Where a value is: the keys and the numbers of elements that lead to it."""

Written: TypeAlias = Callable[[Json], str]
"""How a value is written on one line."""

LARGEST = 64 * MEGABYTE

_NOT_FAITHFUL = Text(
    zh="修改会改动文件中的其他内容，没有写入",
    en="the edit would change more, so nothing was written",
)
_YOURSELF = Text(zh="请手工填写", en="write it by hand")
_BOM = "\ufeff"
# An anchor or a tag may stand before the bracket.
_FLOW = re.compile(r"(?:[&!]\S*\s+)*[\[{]")


def content_of(path: Path) -> bytes:
    """Return the bytes of a file that is to be edited; raise `InputError` if it cannot be read."""
    return read_bytes(path, root=repository_of(path), limit=LARGEST)


def set_values(path: Path, values: Mapping[Pointer, Json]) -> None:
    """Set values in a YAML or JSON file; nothing else of it changes.

    What is missing on the way is added; the number after the last element of a list appends one.

    Raises `InputError` if the file cannot be read or written, and if more would change than the
    values.
    """
    source = read_source(path, root=repository_of(path))
    raw = content_of(path).decode("utf-8")
    text = raw.removeprefix(_BOM).replace("\r\n", "\n")
    is_json = path.suffix.lower() == ".json"
    written = partial(json.dumps, ensure_ascii=False) if is_json else flow
    try:
        for at, value in values.items():
            text = _with_value(text, at, value, written)
        faithful = _parsed(text)[0] == with_values(source.data, values)
    except Fault:
        faithful = False
    if not faithful:
        raise InputError(_NOT_FAITHFUL, place=Place(path=path), hint=_YOURSELF)
    if "\r\n" in raw:
        text = text.replace("\n", "\r\n")
    write_new(path, _BOM * raw.startswith(_BOM) + text, overwrite=True)


def with_values(data: Json, values: Mapping[Pointer, Json]) -> Any:
    """Return a copy of what a file contains, with values set."""
    # An alias is one object with its anchor: of the values that are wanted, only one changes.
    wanted = json.loads(json.dumps(data))
    for at, value in values.items():
        wanted = _with(wanted, at, value)
    return wanted


def _with(data: Any, at: Pointer, value: Json) -> Any:
    """Return data with one value set; ``data`` itself changes where it can."""
    if not at:
        return value
    step, *rest = at
    if not isinstance(data, list if isinstance(step, int) else dict):
        data = [] if isinstance(step, int) else {}
    if isinstance(step, int):
        inside = data[step] if step < len(data) else None
        data[step : step + 1] = [_with(inside, tuple(rest), value)]
    else:
        data[step] = _with(data.get(step), tuple(rest), value)
    return data


def _parsed(text: str) -> tuple[Json, Node]:
    return parse_yaml(text.encode(), text)


def _with_value(text: str, at: Pointer, value: Json, written: Written) -> str:
    """Return a text with one value set."""
    _, node = _parsed(text)
    around, steps = node, [*at]
    while steps and (below := _below(node, steps[0])) is not None:
        around, node = node, below
        del steps[0]
    new = value
    for step in reversed(steps[1:] if steps and node[4] else steps):
        new = [new] if isinstance(step, int) else {step: new}
    if steps and node[4]:
        add = _added_inside if _is_flow(text, node) else _added_below
        return add(text, node, steps[0], new, written)
    if node[0] is None or _is_flow(text, around):
        return text[: node[2]] + written(new) + text[node[3] :]
    return _replaced(text, node, new, written)


def _below(node: Node, step: str | int) -> Node | None:
    below = node[4]
    if isinstance(below, list):
        return below[step] if isinstance(step, int) and step < len(below) else None
    return below.get(step) if isinstance(below, dict) else None


def _is_flow(text: str, node: Node) -> bool:
    """Whether a list or an object stands in brackets."""
    return _FLOW.match(text, node[2]) is not None


def _children(node: Node) -> list[Node]:
    below = node[4]
    return list(below.values() if isinstance(below, dict) else below)


def _end(text: str, node: Node) -> int:
    """Return where the last that can be seen of a value ends; the parser goes on to what follows.

    Of a value that is written as nothing, that is the end of its key.
    """
    while not _is_flow(text, node) and node[4]:
        node = _children(node)[-1]
    start = max(node[1] or 0, node[2])
    return start + len(text[start : node[3]].rstrip())


def _added_inside(text: str, node: Node, step: str | int, value: Json, written: Written) -> str:
    """Return a text with one more member of what stands in brackets."""
    first, *_ = children = _children(node)
    start, end = first[2] if first[0] is None else first[0], _end(text, children[-1])
    before = text[text.rfind("\n", 0, start) + 1 : start]
    between = " " if before.strip() else f"\n{before}"
    key = f"{written(step)}: " if isinstance(step, str) else ""
    return f"{text[:end]},{between}{key}{written(value)}{text[end:]}"


def _added_below(text: str, node: Node, step: str | int, value: Json, written: Written) -> str:
    """Return a text with one more member of a block, below the others."""
    first, *_ = children = _children(node)
    start = text.rfind("-", 0, first[2]) if first[0] is None else first[0]
    indent = " " * (start - text.rfind("\n", 0, start) - 1)
    is_element = isinstance(step, int)
    lines = _block([value], written) if is_element else _member(step, value, written)
    return _below_line(text, _end(text, children[-1]), indent, lines)


def _replaced(text: str, node: Node, value: Json, written: Written) -> str:
    """Return a text with another value of a key in a block."""
    key, key_end = node[0] or 0, node[1] or 0
    colon = text.index(":", key_end) + 1
    start, end = max(colon, node[2]), max(colon, _end(text, node))
    _, *lines = _member("", value, written)
    if not lines:
        space = " " if start == colon else ""
        return f"{text[:start]}{space}{written(value)}{text[end:]}"
    kept = text[:start].rstrip()
    indent = " " * (key - text.rfind("\n", 0, key) - 1)
    return _below_line(kept + text[end:], len(kept), indent, lines)


def _below_line(text: str, at: int, indent: str, lines: list[str]) -> str:
    """Return a text with lines below the one that an offset is on."""
    end = text.find("\n", at)
    before, after = (text[:end], text[end:]) if end >= 0 else (text, "\n")
    return before + "".join(f"\n{indent}{line}" for line in lines) + after


def _member(name: str | int, value: Json, written: Written) -> list[str]:
    """Return a member of a block as lines: an object, or a list of objects, below its key."""
    elements = value if isinstance(value, list) else [value]
    if any(isinstance(one, Mapping) and one for one in elements):
        return [f"{written(name)}:", *(f"  {line}" for line in _block(value, written))]
    return [f"{written(name)}: {written(value)}"]


def _block(value: Json, written: Written) -> list[str]:
    """Return a value as the lines of a block; what is inside its members stands on one line."""
    if isinstance(value, list):
        blocks = [_block(one, written) for one in value]
        return [f"{' ' if i else '-'} {line}" for one in blocks for i, line in enumerate(one)]
    if isinstance(value, Mapping) and value:
        return [f"{written(name)}: {written(member)}" for name, member in value.items()]
    return [written(value)]


# ---- Where an answer belongs: the file of a description, and the place in it (写入位置)


class Placed(Struct, frozen=True):
    """A file, and the values to set in it, by their places."""

    file: Source
    values: Mapping[Pointer, Json]


def part_name(description: str, role: str) -> str:
    """Return the name of the part of a description that a role keeps: ``infra.security.yaml``."""
    return f"{description.partition('.')[0]}.{role}.yaml"


def placed(description: Description, at: str, value: Json) -> Placed:
    """Return where the fact at a JSON Pointer is to be written.

    That is the part of the role that knows it, where one is included; else the file that has the
    element, or the list, or the main file. An element that is derived, or not there yet, is added
    under its id. Where ``none`` stands for the object that the fact is of, that is written out.
    """
    names = tokens(at)
    schema, own = description.home(at)
    if schema == LICENCE:
        file, names, facts = description.joined.files[-1], tokens(own), description.licence
    else:
        file, facts = _file(description, names), description.facts
    values: dict[Pointer, Json] = {}
    place: Pointer = ()
    data: Json = file.data
    known: Json = facts
    for name in names:
        if data == NONE:
            values[place] = _written_out(place)
        if not name.isdecimal():
            place = (*place, name)
            data, known = _in(data, name), _in(known, name)
            continue
        element = known[int(name)] if isinstance(known, list) and int(name) < len(known) else None
        named = _in(element, "id") if element is not None else description.only_id
        written = data if isinstance(data, list) else []
        own_place = [_in(one, "id") for one in written]
        index = own_place.index(named) if named in own_place else len(written)
        place = (*place, index)
        if index == len(written):
            values[(*place, "id")] = named
        data, known = (written[index] if index < len(written) else None), element
    return Placed(file, {**values, place: value})


def _written_out(place: Pointer) -> JsonObject:
    """Return what ``none`` says of the object at a place: of a renewal, that nothing was filed."""
    path = ".".join(name for name in place if isinstance(name, str))
    names = members(SCHEMA, path).names
    return {name: value for name, value in NOT_APPLIED.items() if name in names}


def _file(description: Description, names: tuple[str, ...]) -> Source:
    files = description.joined.files
    role = asked_of(dotted(names))
    part = part_name(description.path.name, role)
    own = next((file for file in files if file.path.name == part), None)
    if own is not None:
        return own
    homes, _ = description.joined.homes(names)
    return next((files[home.part] for home in homes if home.part < len(files)), files[0])


def _in(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, Mapping) else None
