"""Source kind ``register``: a list as people keep it, in a table (登记表).

Each row is an element of a list of the description, each column a property. Setting ``list``
names the list; without it the name of the file does: ``complaints.csv``, ``投诉台账2023.csv``.
Setting ``columns`` maps headings of one's own to properties, or to null to leave them out;
``cloud`` is the provider of the regions in a table that does not name it. In a folder, every
register is read. A table with headings and no rows says that there are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.answers import folded
from pytest_icp.facts.derived import Derived, Gap, Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.faults import flow, show
from pytest_icp.facts.files.schema import InvalidDocument, Problem
from pytest_icp.law.cloud_regions import provider_of, region_and_wider
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text, plain
from pytest_icp.sources.gathering import listed
from pytest_icp.sources.register.cells import (
    LARGEST,
    NOTE,
    Cell,
    CellError,
    Grid,
    Line,
    address_of,
    is_empty,
    value_of,
)
from pytest_icp.sources.register.columns import (
    ALIKE,
    ID,
    LANGUAGES,
    Column,
    Register,
    register_named,
    registers,
)
from pytest_icp.sources.register.files import MAGIC, SUFFIXES, grids_of
from pytest_icp.sources.register.headings import STATE, Heading, heading_of, is_ended
from pytest_icp.sources.request import Request


class Elements:
    """Collects the rows of tables as facts of a description.

    ``cloud`` is the provider of regions without one.
    """

    def __init__(self, source: Path, tables: Sequence[Table], cloud: Json = None) -> None:
        self._source = source
        self._cloud = cloud
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
            holder = holder.setdefault(step, {})  # type: ignore[assignment]  # an object, made here
        elements: list[Json] = holder.setdefault(name, [])  # type: ignore[assignment]  # a list, made here
        elements += [self._element(table, row) for row in table.rows]

    def _element(self, table: Table, row: Row) -> dict[str, Json]:
        self._check_id(table, row)
        element = _element(table, row)
        region = _child(_child(element, "location"), "cloud_region")
        if self._cloud and isinstance(region, dict):
            region.setdefault("provider", self._cloud)
        if isinstance(region, dict) and (company := _operator(region)):
            element.setdefault("provider", {"name": company})
        self._rows[id(element)] = table, row
        return element

    def _check_id(self, table: Table, row: Row) -> None:
        """Refuse the id of a row in another file or sheet."""
        key = table.register.name, row.values[ID]
        other, first = self._ids.setdefault(key, (table, row))
        if first is not row:
            message = _ID_TWICE.format(
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


def _operator(region: JsonObject) -> str | None:
    """Return the company that runs a region of a cloud, as a plan of Terraform tells it."""
    cloud, name = provider_of(str(region.get("provider"))), region.get("id")
    if cloud is None or not isinstance(name, str):
        return None
    from pytest_icp.sources.terraform import tables  # few registers have regions

    owner = tables.table(cloud)
    told = map(owner.operator_in, reversed(region_and_wider(name))) if owner else ()
    return next(filter(None, told), None)


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


_ID_TWICE = Text(
    zh="标识 {value} 出现两次：{other}；{here}", en="the id {value} occurs twice: {other}; {here}"
)
_EXCLUDED = Text(
    zh="这两格只能填一格：{one}；{other}", en="fill in only one of these cells: {one}; {other}"
)


_CAPTIONS = 10
"""How many rows above the headings may have a caption."""
_SHOWN = 20
_NUMBER = "编号"

Columns = Mapping[str, str | None]
"""The setting ``columns``: a heading, and the property that it is, or None to leave it out."""


class Row(Confidential, Struct, frozen=True, kw_only=True):
    """A row: the values of an element by their dotted paths, and its cells.

    ``told`` are the values that a cell tells beside that of its own column, and its number.
    """

    values: dict[str, Json]
    line: Line
    told: Mapping[str, int] = {}


class Table(Confidential, Struct, frozen=True, kw_only=True):
    """The rows of one register in one file or sheet.

    ``headings`` are the columns by path: the number of each and its heading as written. ``mapped``
    are the headings that the setting ``columns`` names. ``notes`` counts the rows that
    are notes, as in a template, ``ended`` those of what is no longer in use, and ``left`` are
    headings of which no property is known. ``states`` is whether a column says what is in use.
    """

    register: Register
    grid: Grid
    headings: Mapping[str, tuple[int, str]]
    rows: Sequence[Row]
    mapped: frozenset[str] = frozenset()
    notes: int = 0
    ended: int = 0
    left: Sequence[str] = ()
    states: bool = False

    def provenance(self, row: Row, path: str) -> Provenance:
        """Return where a value of a row is, or would be; of the row itself, its first cell."""
        inside = (known for known in self.headings if path and known.startswith(f"{path}."))
        at = path if path in self.headings else next(inside, ID)
        return self.grid.provenance(row.line, *self.headings[at])


def table_of(grid: Grid, register: Register, columns: Columns) -> Table:
    """Read the rows of a grid as elements of a list.

    Raises `InputError` with the address of each cell that cannot be read.
    """
    lines = [line for line in grid.lines if not _is_note(line)]
    notes = len(grid.lines) - len(lines)
    if notes and not lines:
        return Table(register=register, grid=grid, headings={}, rows=(), notes=notes)
    top = next((i for i, one in enumerate(lines[:_CAPTIONS]) if _known(one, register, columns)), 0)
    if not lines:
        raise InputError(_NO_HEADINGS, place=Place(path=grid.path), hint=_TEMPLATE)
    reader = _Reader(grid, register)
    headings = reader.headings(lines[top], columns)
    used = [line for line in lines[top + 1 :] if not reader.has_ended(line)]
    rows = [reader.row(line, headings) for line in used]
    reader.check_ids(rows, headings)
    if reader.problems:
        raise InvalidDocument(reader.problems[:_SHOWN], more=max(len(reader.problems) - _SHOWN, 0))
    return Table(
        register=register,
        grid=grid,
        headings=reader.named(rows, headings),
        rows=rows,
        mapped=frozenset(reader.mapped),
        notes=notes,
        ended=len(lines) - top - 1 - len(used),
        left=reader.left,
        states=reader.states,
    )


def _is_note(line: Line) -> bool:
    first = next(cell for cell in line.cells if not is_empty(cell))
    return isinstance(first, str) and (first.strip() + " ").startswith(f"{NOTE} ")


def _known(line: Line, register: Register, columns: Columns) -> bool:
    """Whether a row has a heading that the register knows, or that people use for it."""
    headings = [cell for cell in line.cells if isinstance(cell, str)]
    return (
        any(folded(one) in columns or register.column(one) is not None for one in headings)
        or sum(heading_of(register.name, one) is not None for one in headings) > 1
    )


class _Reader:
    """Reads the headings and rows of one grid, and collects what is wrong with them."""

    def __init__(self, grid: Grid, register: Register) -> None:
        self.problems: list[Problem] = []
        self.mapped: set[str] = set()
        self.left: list[str] = []
        self._meant: dict[int, Heading] = {}
        self._state: int | None = None
        self._grid = grid
        self._register = register
        self._named: set[int] = set()
        self._read: dict[tuple[str, type, Cell], Json] = {}

    def headings(self, line: Line, columns: Columns) -> Mapping[int, tuple[Column, str]]:
        """Return the columns by their number, each with its heading as written."""
        found: dict[int, tuple[Column, str]] = {}
        numbers: dict[str, int] = {}
        unknown: dict[int, str] = {}
        for i, cell in enumerate(line.cells):
            if is_empty(cell):
                continue
            self._named.add(i)
            heading = cell.strip() if isinstance(cell, str) else ""
            target = self._target(heading, columns)
            if target is None:
                continue
            column = self._register.column(target)
            if column is None and (meant := heading_of(self._register.name, target)):
                self._meant[i] = meant
            elif column is None:
                unknown[i] = target
            elif numbers.setdefault(column.path, i) != i:
                other = found[numbers[column.path]][1]
                self._add(line, i, _TWICE.format(heading=heading, other=other), _ONE)
            else:
                found[i] = column, heading
        self._take_meant(line, found, numbers)
        self._unknown(line, unknown)
        if ID not in numbers:
            heading = next(iter(unknown.values()), _NUMBER)
            hint = _MAP.format(heading=heading, path=ID)
            self._add(line, 0, _NO_ID.format(title=self._id_title), hint)
        if self.problems:
            raise InvalidDocument(self.problems)
        return found

    def _take_meant(
        self, line: Line, found: dict[int, tuple[Column, str]], numbers: dict[str, int]
    ) -> None:
        """Take the headings that people use: of several for one property the one that says most.

        Where its cell is empty, and what the others have is understood, they are read.
        """
        self._meant = dict(sorted(self._meant.items(), key=lambda item: item[1].rank))
        for i, meant in self._meant.items():
            heading = str(line.cells[i]).strip()
            if meant.path == STATE and self._state is None:
                self._state = i
                continue
            column = self._register.column(meant.path) if meant.path else None
            if column is None or (numbers.setdefault(column.path, i) != i and not meant.read):
                self.left.append(heading)
            else:
                found[i] = column, heading

    @property
    def states(self) -> bool:
        """Whether a column says of each row whether it is in use."""
        return self._state is not None

    def has_ended(self, line: Line) -> bool:
        """Whether the state of a row says that it is no longer in use."""
        at = len(line.cells) if self._state is None else self._state
        return at < len(line.cells) and is_ended(str(line.cells[at]))

    def named(
        self, rows: Sequence[Row], headings: Mapping[int, tuple[Column, str]]
    ) -> Mapping[str, tuple[int, str]]:
        """Return the number and the heading of each column by its path, and of what a cell adds."""
        known = {column.path: (i, heading) for i, (column, heading) in headings.items()}
        told = {path: i for row in rows for path, i in row.told.items()}
        return {path: (i, headings[i][1]) for path, i in told.items()} | known

    def _target(self, heading: str, columns: Columns) -> str | None:
        """Return what a heading stands for by the setting ``columns``, else the heading itself."""
        key = folded(heading)
        if key in columns:
            self.mapped.add(key)
            return columns[key]
        return heading

    def row(self, line: Line, headings: Mapping[int, tuple[Column, str]]) -> Row:
        """Return the values of a row, by the paths of their columns."""
        values: dict[str, Json] = {}
        for i, cell in enumerate(line.cells):
            meant = self._meant.get(i)
            if i in headings and not (meant and meant.read):
                column = headings[i][0]
                value = self._value(line, i, column)
                if value is not None:
                    values[column.path_of(value)] = value
            elif i not in self._named and not is_empty(cell):
                self._add(line, i, _UNTITLED, _LEAVE_EMPTY)
        told = self._told(line)
        # What a column of its own says comes first.
        values = {path: value for path, (_, value) in told.items()} | values
        return Row(values=values, line=line, told={path: i for path, (i, _) in told.items()})

    def _told(self, line: Line) -> dict[str, tuple[int, Json]]:
        """Return what cells of headings that people use tell, each with the number of the cell."""
        told: dict[str, tuple[int, Json]] = {}
        for i, meant in self._meant.items():
            cell = line.cells[i] if i < len(line.cells) else None
            if meant.read and isinstance(cell, str):
                for path, value in meant.read(cell).items():
                    told.setdefault(path, (i, value))
        return told

    def check_ids(self, rows: Sequence[Row], headings: Mapping[int, tuple[Column, str]]) -> None:
        """Find rows without an id, and those with the id of another."""
        at = next(i for i, (column, _) in headings.items() if column.path == ID)
        first: dict[Json, Line] = {}
        for row in rows:
            cells, own = row.line.cells, row.values.get(ID)
            if ID not in row.values and (at >= len(cells) or is_empty(cells[at])):
                self._add(row.line, at, _EMPTY_ID.format(title=self._id_title), _EACH)
            if ID in row.values and first.setdefault(own, row.line) is not row.line:
                other = address_of(first[own].number, at)
                self._add(row.line, at, _SAME_ID.format(value=show(own), other=other), _EACH)

    def _value(self, line: Line, i: int, column: Column) -> Json:
        cell = line.cells[i]
        key = column.path, type(cell), cell
        try:
            if key not in self._read:
                self._read[key] = value_of(cell, column)
            return self._read[key]
        except CellError as error:
            self.problems.append(self._grid.problem(line, i, error))
            return None

    def _unknown(self, line: Line, unknown: Mapping[int, str]) -> None:
        """Report the headings that are no columns, and how to leave them out."""
        known = [column.title[lang] for column in self._register.columns for lang in LANGUAGES]
        left_out = flow(dict.fromkeys(unknown.values()))
        for i, heading in unknown.items():
            near = nearest(heading, known, cutoff=ALIKE)
            hint = _LEFT_OUT.format(columns=left_out)
            if near:
                hint = did_you_mean(near) + plain(" ") + hint
            title = self._register.title
            self._add(line, i, _NO_COLUMN.format(heading=heading, register=title), hint)

    @property
    def _id_title(self) -> Text:
        return next(one.title for one in self._register.columns if one.path == ID)

    def _add(self, line: Line, i: int, message: Text, hint: Text) -> None:
        self.problems.append(self._grid.problem(line, i, CellError(message, hint)))


_NO_HEADINGS = Text(zh="没有表头", en="there are no headings")
_TEMPLATE = Text(
    zh="用 pytest-icp register 写出带表头的空表",
    en="`pytest-icp register` writes an empty one with headings",
)
_TWICE = Text(zh="“{heading}”与“{other}”是同一列", en="{heading} is the same column as {other}")
_ONE = Text(
    zh="只保留一列，另一列在 columns 中写 null", en="keep one; set the other to null in `columns`"
)
_NO_COLUMN = Text(zh="“{register}”没有“{heading}”这一列", en="{register} has no column {heading}")
_LEFT_OUT = Text(
    zh="不读取的列：columns: {columns}", en="to leave columns out: `columns: {columns}`"
)
_NO_ID = Text(zh="没有“{title}”这一列", en="there is no column {title}")
_MAP = Text(
    zh="哪一列是它，就在 columns 中写明：columns: {{{heading}: {path}}}",
    en="name the column that it is: `columns: {{{heading}: {path}}}`",
)
_UNTITLED = Text(zh="这一列没有表头", en="there is no heading above this cell")
_LEAVE_EMPTY = Text(zh="加上表头，或清空这一列", en="add a heading, or clear the column")
_EMPTY_ID = Text(zh="这一行没有“{title}”", en="this row has no {title}")
_EACH = Text(
    zh="每行的标识各不相同，并且不再改变", en="each row has an id of its own that never changes"
)
_SAME_ID = Text(zh="{value} 已在 {other} 用过", en="{value} is used in {other} already")


def read_register(request: Request) -> Derived:
    """Read the registers that are requested.

    Raises `InputError` with the address of each cell that cannot be read, and if it is not known
    which list a file has.
    """
    columns = _columns(request)
    remarks: list[Text] = []
    tables = [table_of(grid, register, columns) for grid, register in _grids(request, remarks)]
    used = frozenset().union(*(table.mapped for table in tables))
    unused = next((heading for heading in columns if heading not in used), None)
    if unused is not None:
        raise InputError(_NO_HEADING.format(heading=unused))
    blank = [table for table in tables if table.notes and not table.rows]
    filled = [table for table in tables if table not in blank]
    remarks += [
        _NOTES.format(path=request.as_written(table.grid.path), n=table.notes)
        for table in filled
        if table.notes
    ]
    for table in filled:
        path = request.as_written(table.grid.path)
        if table.left:
            remarks.append(_NOT_TOLD.format(path=path, names=listed(table.left)))
        if table.ended:
            remarks.append(_ENDED.format(path=path, n=table.ended))
    elements = Elements(request.path, filled, request.settings.get("cloud"))
    return Derived(
        facts=elements.facts,
        trace=elements.trace,
        current=bool(filled) and all(table.states for table in filled),
        gaps=tuple(map(_gap, blank)),
        remarks=tuple(remarks),
    )


def lists_of(request: Request) -> frozenset[str]:
    """Return the top-level facts that a source may give, as far as names tell them."""
    try:
        named = [_named(request, path) for path in _files(request)]
    except InputError:
        named = [None]
    known = [register for register in named if register is not None]
    told = known if len(known) == len(named) else registers().values()
    return frozenset(register.fact for register in told)


def _files(request: Request) -> Iterator[Path]:
    for path in request.files(*SUFFIXES):
        # A workbook that somebody has open has such a file beside it.
        if not path.name.startswith("~$"):
            yield path


def _grids(request: Request, remarks: list[Text]) -> Iterator[tuple[Grid, Register]]:
    for path in _files(request):
        raw = request.read(None if path == request.path else path, limit=LARGEST)
        register = _named(request, path)
        grids = grids_of(path, raw)
        if raw.startswith(MAGIC):
            yield from _sheets(request, path, grids, remarks)
        elif register is None:
            raise InputError(_WHICH, place=Place(path=path), hint=_NAME_IT)
        else:
            yield grids[0], register


def _sheets(
    request: Request, path: Path, grids: list[Grid], remarks: list[Text]
) -> Iterator[tuple[Grid, Register]]:
    """Yield the sheets that are registers: by the setting, by their names, or the only one."""
    wanted = request.settings.get("sheet")
    filled = [grid for grid in grids if grid.lines]
    if isinstance(wanted, str):
        filled = [grid for grid in grids if folded(grid.sheet) == folded(wanted)]
        if not filled:
            names = [grid.sheet for grid in grids]
            near = nearest(wanted, names, cutoff=ALIKE)
            raise InputError(
                _NO_SHEET.format(name=wanted),
                place=Place(path=path),
                hint=did_you_mean(near) if near else _SHEETS.format(names=listed(names)),
            )
    register = _named(request, path)
    told = isinstance(request.settings.get("list"), str)
    named = [(grid, register_named(grid.sheet)) for grid in filled]
    chosen = [(grid, one) for grid, one in named if one and (not told or one == register)]
    if not chosen and register and len(filled) == 1:
        chosen = [(filled[0], register)]
    if not chosen:
        message = _WHICH_SHEET if filled else _NO_ROWS
        raise InputError(message, place=Place(path=path), hint=_NAME_SHEET)
    left = [grid.sheet for grid in filled if all(grid is not one for one, _ in chosen)]
    if left:
        remarks.append(_LEFT.format(path=request.as_written(path), names=listed(left)))
    yield from chosen


def _named(request: Request, path: Path) -> Register | None:
    """Return the register that the setting or a file names, if one does."""
    written = request.settings.get("list")
    if not isinstance(written, str):
        return register_named(path.stem)
    register = register_named(written)
    if register is None:
        near = nearest(folded(written), registers())
        raise InputError(_NO_LIST.format(name=written), hint=did_you_mean(near) if near else "")
    return register


def _columns(request: Request) -> Columns:
    written = request.settings.get("columns")
    columns = written.items() if isinstance(written, dict) else ()
    return {folded(heading): None if to is None else str(to) for heading, to in columns}


def _gap(table: Table) -> Gap:
    place = Place(path=table.grid.path)
    return Gap(message=_BLANK, place=place, kinds=frozenset({table.register.fact}))


_WHICH = Text(zh="看不出是哪一种登记表", en="it is not known which list this register has")
_NAME_IT = Text(
    zh="用清单的名称命名文件，或写明 list，例如 list: complaints",
    en="name the file after the list, or name the list, such as `list: complaints`",
)
_NO_LIST = Text(
    zh="list：没有可作登记表的清单“{name}”",
    en="list: there is no list {name!r} to keep as a register",
)
_NO_HEADING = Text(
    zh="columns：没有“{heading}”这一列", en="columns: no register has a column {heading!r}"
)
_BLANK = Text(
    zh="登记表还没有填写；如果一件也没有，请删去以 # 开头的一行",
    en="this register is not filled in; if there are none, delete the row that begins with #",
)
_NOTES = Text(
    zh="{path}：{n} 行以 # 开头，是说明，没有读取",
    en="{path}: {n:row} beginning with # is a note and was not read",
)
_NOT_TOLD = Text(
    zh="{path}：没有读取的列：{names}", en="{path}: columns that were not read: {names}"
)
_ENDED = Text(
    zh="{path}：{n} 行从状态看已不再使用，没有读取",
    en="{path}: {n:row} no longer in use by the state, and not read",
)
_LEFT = Text(
    zh="{path}：没有读取的工作表：{names}", en="{path}: sheets that were not read: {names}"
)
_NO_SHEET = Text(zh="sheet：没有工作表“{name}”", en="sheet: there is no sheet {name!r}")
_SHEETS = Text(zh="有 {names}", en="there are {names}")
_NO_ROWS = Text(zh="工作簿是空的", en="the workbook is empty")
_WHICH_SHEET = Text(
    zh="看不出哪一张工作表是登记表", en="it is not known which sheet is the register"
)
_NAME_SHEET = Text(
    zh="用清单的名称命名工作表，或写明 sheet 和 list",
    en="name the sheet after the list, or set `sheet` and `list`",
)
