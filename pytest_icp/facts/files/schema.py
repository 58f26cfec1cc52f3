"""Documents validated against the published schemas, each fault with its place.

The first faults are explained, the others are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cache
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.facts.files.properties import retrieve, schema_document
from pytest_icp.facts.files.source import Source
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Lang, Text

if TYPE_CHECKING:
    import jsonschema_rs

    from pytest_icp.facts.files.problems import Complaint


_YAML = {".yaml", ".yml"}
_SHOWN = 20
_LINES = 10
"""Lines that are named of faults that are told as one."""

_ALSO = Text(zh="；另有 {n} 处，行号：{zh}", en="; and {n} more: line {en}")
_EXPLAINED = 100


class InvalidDocument(InputError):  # noqa: N818 - named for what it is about
    """A document that its schema does not allow, with every problem that was found.

    ``message``, ``place`` and ``hint`` are those of the first problem; ``problems`` has at
    most twenty in the order of the file, and ``more`` counts the others.
    """

    def __init__(self, problems: Sequence[InputError], *, more: int = 0) -> None:
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


def problems_of(error: InputError) -> tuple[Sequence[InputError], int]:
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


def check(source: Source, schema_name: str) -> None:
    """Validate a file against a schema.

    Raises `InvalidDocument` with all its faults if it is not valid.
    """
    check_data(source.data, schema_name, source.place)


def check_data(data: Json, schema_name: str, place: Callable[..., Place]) -> None:
    """Validate a document; ``place`` is that of the value at a pointer, or ``of`` its key.

    Raises `InvalidDocument` as `check` does.
    """
    if validator(schema_name).is_valid(data):
        return
    from pytest_icp.facts.files.problems import complaints

    errors = validator(schema_name).iter_errors(data)
    first = [*islice(errors, _EXPLAINED)]
    unexplained = sum(1 for _ in errors)
    found = [
        (place(pointer(one.path), of=one.of), one) for one in complaints(first, data, schema_name)
    ]
    found.sort(key=lambda each: (each[0].line or 0, each[0].column or 0))
    # Faults that were not explained are counted by errors; one fault may have several.
    count = len(first) + unexplained if unexplained else len(found)
    groups: dict[Hashable, list[tuple[Place, Complaint]]] = {}
    for i, each in enumerate(found):
        groups.setdefault(each[1].like or i, []).append(each)
    shown = [*groups.values()][:_SHOWN]
    problems = (_problem(*faults[0], [at for at, _ in faults[1:]]) for faults in shown)
    # What several parts of a rule inherit is wrong once.
    once = {one.args: one for one in problems}
    raise InvalidDocument([*once.values()], more=max(0, count - sum(map(len, shown))))


def _problem(place: Place, complaint: Complaint, others: Sequence[Place]) -> InputError:
    """Return a fault as it is told, with the lines of ``others`` that are like it."""
    from pytest_icp.facts.files.yaml_faults import misplaced_in

    sign = misplaced_in(place.excerpt) if PurePath(place.path).suffix in _YAML else None
    start = (place.column or 1) - 1
    if sign is not None and start <= sign.start <= start + place.width:
        place = replace(place, column=sign.start + 1, width=sign.end - sign.start)
        return InputError(sign.message, place=place, hint=sign.hint)
    message, hint = complaint.explain()
    if others:
        lines = [str(one.line or one) for one in others]
        named = [*lines[:_LINES], *("…" for _ in lines[_LINES : _LINES + 1])]
        message += _ALSO.format(n=len(lines), zh="、".join(named), en=", ".join(named))
    return InputError(message, place=place, hint=hint)
