"""What people write for a fact, read as the schema allows it (回答): typed, or in a table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from pytest_icp.facts.files.faults import Fault
from pytest_icp.facts.files.properties import Property, completed, property_at
from pytest_icp.facts.files.schema import InvalidDocument, check_data
from pytest_icp.facts.files.yaml import parse_yaml
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

YES = frozenset({"y", "yes", "true", "是", "有", "对"})
NO = frozenset({"n", "no", "false", "否", "无", "没有", "不是"})

_NOTHING = frozenset({"无", "没有", "no"})
_NEVER = _NOTHING | {"没有发生", "从未", "未发生", "未办理", "未", "尚未", "not yet"}
_IN_USE = frozenset({"至今", "在用", "使用中", "仍在使用", "运行中", "在役", "在架", "in use"})
_FOR_LONG = frozenset({"长期", "长期有效", "永久", "无期限", "无固定期限", "no end"})
_PENDING = frozenset({"办理中", "受理中", "审批中", "审核中", "待批", "尚未决定"})
_ENDS = frozenset({"ended_on", "delisted_on"})
"""The facts that say when something was no longer in use."""

_EXPECTED = Text(zh="应为：{form}", en="expected: {form}")
_NOT_SO = Text(zh="这样填写不行", en="this does not fit here")


def folded(written: str) -> str:
    """Return a text without what people write in different ways: width, case, blanks."""
    return " ".join(unicodedata.normalize("NFKC", written).casefold().split())


def meant(path: str, fact: Property, written: str) -> str | None:
    """Return the word that people mean by what they write (至今, 长期), where it is certain.

    ``written`` is folded. What may as well mean that it is not known, such as a dash, is left out.
    """
    ways = {
        "never": _NEVER | (_IN_USE if path.rpartition(".")[2] in _ENDS else frozenset()),
        "none": _NOTHING | _FOR_LONG if fact.time else NO,
        "open": _NOTHING | _FOR_LONG,
        "pending": _PENDING,
    }
    return next((word for word in ways if word in fact.words and written in ways[word]), None)


def read_answer(schema: str, path: str, written: str, form: str) -> Json:
    """Return the value that was typed for the fact at a dotted path of a schema.

    What people write for yes, no and the words of the schema is understood in both languages; a
    list is written with commas.
    ``form`` is what is expected, for the error. Raises `InputError` with the schema's own words.
    """
    fact = property_at(schema, path)
    if fact is None:
        raise InputError(_NOT_SO)
    problem: InputError | None = None
    for value in _readings(path, fact, written.strip()):
        problem = _problem(schema, path, value)
        if problem is None:
            return value
    raise InputError(problem.message if problem else _NOT_SO, hint=_EXPECTED.format(form=form))


def _readings(path: str, fact: Property, written: str) -> Iterator[Json]:
    """Yield what a text may mean for a fact, the likeliest first."""
    plain = folded(written)
    if "boolean" in fact.types and plain in YES | NO:
        yield plain in YES
    word = meant(path, fact, plain)
    if word is not None:
        yield word
    if plain in NO and "array" in fact.types:
        yield []
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


def _problem(schema: str, path: str, value: Json) -> InputError | None:
    """Return what is wrong with the value of a fact, in a description of nothing else."""
    names = path.split(".")
    document: Json = value
    for end in range(len(names), 0, -1):
        above = property_at(schema, ".".join(names[:end]))
        if end < len(names) and above is not None and "array" in above.types:
            document = [{"id": "id", **document}]  # type: ignore[dict-item]  # an object
        document = {names[end - 1]: document}
    # What has to be said beside it is another question.
    whole = completed({"apiVersion": "pytest-icp/v1", **document}, schema)  # type: ignore[dict-item]  # an object
    try:
        check_data(whole, schema, lambda _, of: Place(path=Path()))  # noqa: ARG005 - it has none
    except InvalidDocument as invalid:
        return InputError(invalid.message)
    return None
