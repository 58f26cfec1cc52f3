"""Documents validated against the published schemas, each fault with its place.

The first faults are explained, the others are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.files.properties import retrieve, schema_document
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Lang, Text

if TYPE_CHECKING:
    import jsonschema_rs


_YAML = {".yaml", ".yml"}
_SHOWN = 20
_LINES = 10
"""Lines that are named of faults that are told as one."""

_ALSO = Text(zh="；另有 {n} 处，行号：{zh}", en="; and {n} more: line {en}")
_EXPLAINED = 100
_Path: TypeAlias = "tuple[str | int, ...]"


class Located(Protocol):
    """A document whose values have places: a file, or facts derived from one."""

    @property
    def data(self) -> Json:
        """The document."""
        ...

    def place(self, pointer: str, *, of: Literal["value", "key"] = "value") -> Place:
        """Return the place of a value or its key, or of the closest value above it."""
        ...


class Problem(Struct, frozen=True, kw_only=True):
    """One fault of a document (问题): where, what, and how to fix it."""

    place: Place
    message: Text
    hint: Text

    def text(self, lang: Lang) -> str:
        """Return ``path:line:column: message`` and the hint, one line each."""
        return InputError(self.message, place=self.place, hint=self.hint).text(lang)


class InvalidDocument(InputError):  # noqa: N818 - named for what it is about
    """A document that its schema does not allow, with every problem that was found.

    ``message``, ``place`` and ``hint`` are those of the first problem; ``problems`` has at
    most twenty in the order of the file, and ``more`` counts the others.
    """

    def __init__(self, problems: Sequence[Problem], *, more: int = 0) -> None:
        first = problems[0]
        super().__init__(first.message, place=first.place, hint=first.hint)
        self.problems = tuple(problems)
        self.more = more

    def text(self, lang: Lang) -> str:
        """Return all problems in one language, and how many more there are."""
        lines = [problem.text(lang) for problem in self.problems]
        if self.more:
            lines.append(f"还有 {self.more} 处" if lang == "zh" else f"and {self.more} more")
        return "\n".join(lines)


def problems_of(error: InputError) -> tuple[Sequence[InputError | Problem], int]:
    """Return each thing that is wrong by itself, and how many more there are."""
    if isinstance(error, InvalidDocument):
        return error.problems, error.more
    return (error,), 0


@cache
def validator(schema_name: str) -> jsonschema_rs.Draft202012Validator:
    """Return the compiled validator of ``<schema_name>.schema.json``, formats asserted.

    References lead to the other local schemas, never to the network.
    """
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(
        schema_document(schema_name),
        validate_formats=True,
        retriever=retrieve,
    )


def check(source: Located, schema_name: str) -> None:
    """Validate a document against a schema.

    Raises `InvalidDocument` with all its faults if it is not valid.
    """
    if validator(schema_name).is_valid(source.data):
        return
    from pytest_icp.facts.files.problems import complaints, sentence, violations

    errors = validator(schema_name).iter_errors(source.data)
    first = violations(islice(errors, _EXPLAINED), source.data, schema_name)
    unexplained = sum(1 for _ in errors)
    found = [
        _Fault(source.place(pointer(one.path), of=one.of), one.explain, one.like)
        for one in complaints(first, schema_name)
    ] or [_Fault(source.place(pointer(one.path)), partial(sentence, one)) for one in first]
    found.sort(key=lambda one: (one.place.line or 0, one.place.column or 0))
    # Faults that were not explained are counted by errors; one fault may have several.
    count = len(first) + unexplained if unexplained else len(found)
    shown = [*_alike(found)][:_SHOWN]
    # What several parts of a rule inherit is wrong once.
    problems = [*dict.fromkeys(_problem(*faults) for faults in shown)]
    raise InvalidDocument(problems, more=max(0, count - sum(map(len, shown))))


class _Fault(Struct, frozen=True):
    """One fault at its place; those that are ``like`` each other are told as one."""

    place: Place
    explain: Callable[[], tuple[Text, Text]]
    like: tuple[str, ...] = ()


def _alike(found: Sequence[_Fault]) -> Iterator[list[_Fault]]:
    """Yield faults in their order, those that are like an earlier one together with it."""
    groups: dict[Hashable, list[_Fault]] = {}
    for i, one in enumerate(found):
        groups.setdefault(one.like or i, []).append(one)
    yield from groups.values()


def _problem(fault: _Fault, *others: _Fault) -> Problem:
    from pytest_icp.facts.files.yaml_faults import misplaced_in

    place = fault.place
    sign = misplaced_in(place.excerpt) if PurePath(place.path).suffix in _YAML else None
    start = (place.column or 1) - 1
    if sign is not None and start <= sign.start <= start + place.width:
        place = replace(place, column=sign.start + 1, width=sign.end - sign.start)
        return Problem(place=place, message=sign.message, hint=sign.hint)
    message, hint = fault.explain()
    if others:
        lines = [str(one.place.line or one.place) for one in others]
        named = [*lines[:_LINES], *("…" for _ in lines[_LINES : _LINES + 1])]
        message += _ALSO.format(n=len(lines), zh="、".join(named), en=", ".join(named))
    return Problem(place=place, message=message, hint=hint)
