"""The elements of the lists that registers have, and the cell of each fact (登记的事项)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pytest_icp.facts.derived import Provenance
from pytest_icp.facts.files.wording import show
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.register.columns import ID
from pytest_icp.sources.register.tables import Row, Table


class Elements:
    """Collects the rows of tables as facts of a description."""

    def __init__(self, source: Path, tables: Sequence[Table]) -> None:
        self._source = source
        self._facts: dict[str, Json] = {}
        self._rows: dict[int, tuple[Table, Row]] = {}
        self._ids: dict[tuple[str, Json], tuple[Table, Row]] = {}
        for table in tables:
            self._add(table)

    @property
    def facts(self) -> JsonObject:
        """The facts, valid under the schema of descriptions as far as single cells show."""
        return self._facts

    def trace(self, pointer: str) -> Provenance:
        """Return the cell of a fact, or of the closest value around it."""
        value: Json = self._facts
        names: list[str] = []
        found = None
        for name in tokens(pointer):
            value = _child(value, name)
            if id(value) in self._rows:
                found, names = self._rows[id(value)], []
            elif not name.isdecimal():
                names.append(name)
        if found is None:
            return Provenance(place=Place(path=self._source))
        table, row = found
        return table.provenance(row, ".".join(names))

    def _add(self, table: Table) -> None:
        *above, name = table.register.name.split(".")
        holder = self._facts
        for step in above:
            holder = holder.setdefault(step, {})  # type: ignore[assignment]  # made here
        elements: list[Json] = holder.setdefault(name, [])  # type: ignore[assignment]  # the same
        for row in table.rows:
            self._check_id(table, row)
            element = _element(table, row)
            self._rows[id(element)] = table, row
            elements.append(element)

    def _check_id(self, table: Table, row: Row) -> None:
        """Refuse the id of a row in another file or sheet."""
        key = table.register.name, row.values[ID]
        other, first = self._ids.setdefault(key, (table, row))
        if first is not row:
            message = _SAME_ID.format(
                value=show(row.values[ID]),
                here=table.provenance(row, ID).text(),
                other=other.provenance(first, ID).text(),
            )
            raise InputError(message, place=table.provenance(row, ID).place)


def _element(table: Table, row: Row) -> dict[str, Json]:
    """Return the element of a row, its paths unfolded into objects."""
    element: dict[str, Json] = {}
    for path, value in row.values.items():
        *above, name = path.split(".")
        holder = element
        for step in above:
            inside = holder.setdefault(step, {})
            if not isinstance(inside, dict):
                raise _both(table, row, step, path)
            holder = inside
        if name in holder:
            raise _both(table, row, name, path)
        holder[name] = value
    return element


def _both(table: Table, row: Row, one: str, other: str) -> InputError:
    first, second = table.provenance(row, one), table.provenance(row, other)
    message = _EXCLUDED.format(one=first.text(), other=second.text())
    return InputError(message, place=second.place)


def _child(value: Json, name: str) -> Json:
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list) and name.isdecimal() and int(name) < len(value):
        return value[int(name)]  # type: ignore[no-any-return]  # a list of JSON
    return None


_SAME_ID = Text(
    zh="标识 {value} 出现两次：{other}；{here}", en="the id {value} occurs twice: {other}; {here}"
)
_EXCLUDED = Text(
    zh="这两格只能填一格：{one}；{other}", en="fill in only one of these cells: {one}; {other}"
)
