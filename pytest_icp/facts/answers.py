"""An answer that somebody types for a fact, read as the schema allows it (回答)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from pytest_icp.facts.files.faults import Fault
from pytest_icp.facts.files.properties import Property, members, property_at
from pytest_icp.facts.files.schema import InvalidDocument, check
from pytest_icp.facts.files.yaml import parse_yaml
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

YES = frozenset({"y", "yes", "true", "是", "有", "对"})
NO = frozenset({"n", "no", "false", "否", "无", "没有", "不是"})
NEVER = frozenset({"never", "没有发生", "从未", "未发生"})

_EXPECTED = Text(zh="应为：{form}", en="expected: {form}")
_NOT_SO = Text(zh="这样填写不行", en="this does not fit here")


def read_answer(schema: str, path: str, written: str, form: str) -> Json:
    """Return the value that was typed for the fact at a dotted path of a schema.

    Words for yes, no and never in both languages are understood; a list is written with commas.
    ``form`` is what is expected, for the error. Raises `InputError` with the schema's own words.
    """
    fact = property_at(schema, path)
    if fact is None:
        raise InputError(_NOT_SO)
    problem: InputError | None = None
    for value in _readings(fact, written.strip(), members(schema, path).words):
        problem = _problem(schema, path, value)
        if problem is None:
            return value
    raise InputError(problem.message if problem else _NOT_SO, hint=_EXPECTED.format(form=form))


def _readings(fact: Property, written: str, words: tuple[Json, ...]) -> Iterator[Json]:
    """Yield what a text may mean for a fact, the likeliest first."""
    lower = written.lower()
    if "boolean" in fact.types and lower in YES | NO:
        yield lower in YES
    if lower in NO and "none" in words:
        yield "none"
    if lower in NO and "array" in fact.types:
        yield []
    if fact.time and lower in NEVER:
        yield "never"
    try:
        value = parse_yaml(written.encode(), written)[0]
    except Fault:
        value = written
    yield value
    if not isinstance(value, str):
        # A name may look like a number.
        yield written
    if "array" in fact.types:
        parts = [part.strip() for part in written.replace("，", ",").replace("、", ",").split(",")]
        yield [part for part in parts if part]


class _Answer(Struct, frozen=True):
    """A description of nothing but one fact, in the form that the schema check needs."""

    data: Json
    digest: str = ""

    def place(self, json_pointer: str, *, of: Literal["value", "key"] = "value") -> Place:
        """Return no place: what was typed has none."""
        del json_pointer, of
        return Place(path=Path())


def _problem(schema: str, path: str, value: Json) -> InputError | None:
    """Return what is wrong with the value of a fact, in a description of nothing else."""
    names = path.split(".")
    document: Json = value
    for end in range(len(names), 0, -1):
        above = property_at(schema, ".".join(names[:end]))
        if end < len(names) and above is not None and "array" in above.types:
            document = [{"id": "id", **document}]  # type: ignore[dict-item]  # an object
        document = {names[end - 1]: document}
    try:
        check(_Answer({"apiVersion": "pytest-icp/v1", **document}), schema)  # type: ignore[dict-item]  # an object
    except InvalidDocument as invalid:
        return InputError(invalid.message)
    return None
