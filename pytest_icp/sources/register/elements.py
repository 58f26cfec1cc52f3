"""The elements of the lists that registers have, and the cell of each fact (登记的事项)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pytest_icp.facts.derived import Provenance
from pytest_icp.facts.files.wording import show
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text
from pytest_icp.sources.register.columns import ALIKE, ID, PARENT
from pytest_icp.sources.register.tables import Row, Table


class Elements:
    """Collects the rows of tables as facts of a description.

    ``partial`` are the lists that are not in the tables, but whose elements have lists that are.
    ``cloud`` is the provider of regions without one.
    """

    def __init__(self, source: Path, tables: Sequence[Table], cloud: Json = None) -> None:
        self._source = source
        self._cloud = cloud
        self._facts: dict[str, Json] = {}
        self._rows: dict[int, tuple[Table, Row]] = {}
        self._ids: dict[tuple[str, Json, Json], tuple[Table, Row]] = {}
        self._parents: dict[str, dict[Json, dict[str, Json]]] = {}
        read = {table.register.name for table in tables}
        inside = [table for table in tables if table.register.above]
        self.partial = frozenset(table.register.above for table in inside) - read
        for table in tables:
            if not table.register.above:
                self._add(table)
        for table in inside:
            self._add_inside(table)
        for table in inside:
            # The register is complete: what has no row in it has none.
            for parent in self._parents.get(table.register.above, {}).values():
                parent.setdefault(_last(table), [])

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
        known = self._parents.setdefault(table.register.name, {})
        for row in table.rows:
            element = self._element(table, row)
            known[row.values[ID]] = element
            elements.append(element)

    def _add_inside(self, table: Table) -> None:
        """Add rows to the elements that they belong to."""
        above = table.register.above
        known = self._parents.setdefault(above, {})
        for row in table.rows:
            name = row.values[PARENT]
            if name not in known:
                if above not in self.partial:
                    raise _no_parent(table, row, [*map(str, known)])
                known[name] = parent = {ID: name}
                self._rows[id(parent)] = table, row
                elements = self._facts.setdefault(above, [])
                elements.append(parent)  # type: ignore[union-attr]  # made here
            inside = known[name].setdefault(_last(table), [])
            inside.append(self._element(table, row))  # type: ignore[union-attr]  # the same

    def _element(self, table: Table, row: Row) -> dict[str, Json]:
        self._check_id(table, row)
        element = _element(table, row)
        region = _child(_child(element, "location"), "cloud_region")
        if self._cloud and isinstance(region, dict):
            region.setdefault("provider", self._cloud)
        self._rows[id(element)] = table, row
        return element

    def _check_id(self, table: Table, row: Row) -> None:
        """Refuse the id of a row in another file or sheet."""
        key = table.register.name, row.values.get(PARENT), row.values[ID]
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
        if path == PARENT:
            continue
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


def _last(table: Table) -> str:
    """Return the property that a list inside an element is."""
    return table.register.name.rpartition(".")[2]


def _no_parent(table: Table, row: Row, known: Sequence[str]) -> InputError:
    found = table.provenance(row, PARENT)
    near = nearest(str(row.values[PARENT]), known, cutoff=ALIKE)
    return InputError(
        _NO_PARENT.format(cell=found.text(), name=show(row.values[PARENT])),
        place=found.place,
        hint=did_you_mean(near) if near else "",
    )


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


_NO_PARENT = Text(zh="{cell}：没有标识为 {name} 的项", en="{cell}: no element has the id {name}")
_SAME_ID = Text(
    zh="标识 {value} 出现两次：{other}；{here}", en="the id {value} occurs twice: {other}; {here}"
)
_EXCLUDED = Text(
    zh="这两格只能填一格：{one}；{other}", en="fill in only one of these cells: {one}; {other}"
)
