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
from pytest_icp.facts.files.schema import InvalidDocument
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, object_of, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.places import provider_of, region_and_wider
from pytest_icp.law.text import Text, did_you_mean, nearest, plain
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
    STATE,
    Column,
    Heading,
    Read,
    Register,
    heading_of,
    is_ended,
    register_named,
    registers,
)
from pytest_icp.sources.register.files import MAGIC, SUFFIXES, grids_of
from pytest_icp.sources.request import Request

_CAPTIONS = 10
"""How many rows above the headings may have a caption."""
_SHOWN = 20
_NUMBER = "编号"
_TOTALS = frozenset({"合计", "总计", "小计", "共计"})

Columns = Mapping[str, str | None]
"""The setting ``columns``: a heading, and the property that it is, or None to leave it out."""


class Row(Confidential, Struct, frozen=True):
    """A row: the values of an element by their dotted paths, each with the number of its cell."""

    line: Line
    values: Mapping[str, tuple[int, Json]]


class Table:
    """The rows of one register in one file or sheet.

    ``mapped`` are the headings that the setting ``columns`` names. ``notes`` counts the rows that
    are notes, as in a template, ``ended`` those of what is no longer in use, and ``left`` are
    headings of which no property is known. ``states`` is whether a column says what is in use.

    Raises `InputError` with the address of each cell that cannot be read.
    """

    def __init__(self, grid: Grid, register: Register, columns: Columns) -> None:
        self.register = register
        self.path = grid.path
        self.rows: list[Row] = []
        self.mapped: set[str] = set()
        self.left: list[str] = []
        self._grid = grid
        self._problems: list[InputError] = []
        self._titles: dict[int, str] = {}
        self._columns: dict[int, Column] = {}
        self._reads: dict[int, Read] = {}
        self._state: int | None = None
        self._known: dict[tuple[str, type, Cell], Json] = {}
        lines = [line for line in grid.lines if not _is_note(line)]
        self.notes = len(grid.lines) - len(lines)
        lines = [line for line in lines if not _is_total(line)]
        self.ended = 0
        if lines:
            tops = (i for i, one in enumerate(lines[:_CAPTIONS]) if _heads(one, register, columns))
            top = next(tops, 0)
            self._read_headings(lines[top], columns)
            self._read_rows(lines[top + 1 :])
        elif not self.notes:
            raise InputError(_NO_HEADINGS, place=Place(path=grid.path), hint=_TEMPLATE)

    @property
    def states(self) -> bool:
        """Whether a column says of each row whether it is in use."""
        return self._state is not None

    def provenance(self, row: Row, path: str) -> Provenance:
        """Return where a value of a row is, or would be; of the row itself, its first cell."""
        numbers = {column.path: i for i, column in reversed(self._columns.items())}
        numbers |= {known: i for known, (i, _) in row.values.items()}
        inside = (i for known, i in numbers.items() if path and known.startswith(f"{path}."))
        at = numbers[path] if path in numbers else next(inside, numbers[ID])
        return self._grid.provenance(row.line, at, self._titles[at])

    def _read_headings(self, line: Line, columns: Columns) -> None:
        """Find the column of each heading: by the setting, its title, or what people call it."""
        unknown: dict[int, str] = {}
        meant: dict[int, Heading] = {}
        for i, cell in enumerate(line.cells):
            if is_empty(cell):
                continue
            heading = cell.strip() if isinstance(cell, str) else ""
            key = folded(heading)
            target = columns.get(key, heading)
            self._titles[i] = heading
            self.mapped |= {key} & columns.keys()
            if target is None:
                continue
            column = self.register.column(target)
            if column in self._columns.values():
                other = next(n for n, known in self._columns.items() if known == column)
                message = _TWICE.format(heading=heading, other=self._titles[other])
                self._add(line, i, message, _ONE)
            elif column is not None:
                self._columns[i] = column
            elif one := heading_of(self.register.name, target):
                meant[i] = one
            else:
                unknown[i] = target
        self._take_meant(meant)
        self._refuse_unknown(line, unknown)
        if all(column.path != ID for column in self._columns.values()):
            heading = next(iter(unknown.values()), _NUMBER)
            hint = _MAP.format(heading=heading, path=ID)
            self._add(line, 0, _NO_ID.format(title=self._id_title), hint)
        self._refuse_problems()

    def _take_meant(self, meant: Mapping[int, Heading]) -> None:
        """Take the headings that people use: of several for one property the one that says most.

        Where its cell is empty, and what the others have is understood, they are read; what stands
        as it is in a column comes first.
        """
        by_rank = sorted(meant.items(), key=lambda item: (item[1].read is not None, item[1].rank))
        for i, one in by_rank:
            column = self.register.column(one.path) if one.path else None
            if one.path == STATE and self._state is None:
                self._state = i
            elif column and (one.read or column not in self._columns.values()):
                self._columns[i] = column
                if one.read:
                    self._reads[i] = one.read
            else:
                self.left.append(self._titles[i])

    def _refuse_unknown(self, line: Line, unknown: Mapping[int, str]) -> None:
        """Report the headings that are not columns, and how to leave them out."""
        known = [column.title[lang] for column in self.register.columns for lang in LANGUAGES]
        left_out = flow(dict.fromkeys(unknown.values()))
        for i, heading in unknown.items():
            near = nearest(heading, known, cutoff=ALIKE)
            hint = _LEFT_OUT.format(columns=left_out)
            if near:
                hint = did_you_mean(near) + plain(" ") + hint
            message = _NO_COLUMN.format(heading=heading, register=self.register.title)
            self._add(line, i, message, hint)

    def _read_rows(self, lines: Sequence[Line]) -> None:
        """Read the rows of what is in use; each has an id, which no other has."""
        at = next(i for i, column in self._columns.items() if column.path == ID)
        first: dict[Json, Line] = {}
        doubled: list[tuple[Line, Text]] = []
        for line in lines:
            if self._has_ended(line):
                self.ended += 1
                continue
            row = self._row(line)
            self.rows.append(row)
            own = row.values.get(ID, (at, None))[1]
            if ID not in row.values and (at >= len(line.cells) or is_empty(line.cells[at])):
                doubled.append((line, _EMPTY_ID.format(title=self._id_title)))
            if ID in row.values and first.setdefault(own, line) is not line:
                other = address_of(first[own].number, at)
                doubled.append((line, _SAME_ID.format(value=show(own), other=other)))
        for line, message in doubled:
            self._add(line, at, message, _EACH)
        self._refuse_problems()

    def _has_ended(self, line: Line) -> bool:
        """Whether the state of a row says that it is no longer in use."""
        at = len(line.cells) if self._state is None else self._state
        return at < len(line.cells) and is_ended(str(line.cells[at]))

    def _row(self, line: Line) -> Row:
        """Return the values of a row; what a column of its own says comes first."""
        values: dict[str, tuple[int, Json]] = {}
        for i, column in self._columns.items():
            if i < len(line.cells):
                for path, value in self._told(line, i, column).items():
                    values.setdefault(path, (i, value))
        for i, cell in enumerate(line.cells):
            if i not in self._titles and not is_empty(cell):
                self._add(line, i, _UNTITLED, _LEAVE_EMPTY)
        return Row(line, values)

    def _told(self, line: Line, i: int, column: Column) -> Mapping[str, Json]:
        """Return what a cell tells, by the paths of the properties."""
        cell = line.cells[i]
        if i in self._reads:
            return self._reads[i](cell) if isinstance(cell, str) else {}
        key = column.path, type(cell), cell
        try:
            if key not in self._known:
                self._known[key] = value_of(cell, column)
        except CellError as error:
            self._problems.append(self._grid.problem(line, i, error))
            return {}
        value = self._known[key]
        return {} if value is None else {column.path_of(value): value}

    @property
    def _id_title(self) -> Text:
        return next(one.title for one in self.register.columns if one.path == ID)

    def _add(self, line: Line, i: int, message: Text, hint: Text) -> None:
        self._problems.append(self._grid.problem(line, i, CellError(message, hint)))

    def _refuse_problems(self) -> None:
        if self._problems:
            more = max(len(self._problems) - _SHOWN, 0)
            raise InvalidDocument(self._problems[:_SHOWN], more=more)


def _is_note(line: Line) -> bool:
    return f"{_first(line)} ".startswith(f"{NOTE} ")


def _is_total(line: Line) -> bool:
    """Whether a row counts the rows above it."""
    return folded(_first(line)).rstrip(":") in _TOTALS


def _first(line: Line) -> str:
    """Return the text of the first cell of a row that is not empty."""
    first = next(cell for cell in line.cells if not is_empty(cell))
    return first.strip() if isinstance(first, str) else ""


def _heads(line: Line, register: Register, columns: Columns) -> bool:
    """Whether a row has a heading that the register knows, or that people use for it."""
    headings = [cell for cell in line.cells if isinstance(cell, str)]
    return (
        any(folded(one) in columns or register.column(one) is not None for one in headings)
        or sum(heading_of(register.name, one) is not None for one in headings) > 1
    )


class Elements:
    """Collects the rows of tables as facts of a description.

    ``cloud`` is the provider of regions without one. The facts are valid under the schema of
    descriptions as far as single cells show.
    """

    def __init__(self, source: Path, tables: Sequence[Table], cloud: Json = None) -> None:
        self.facts: dict[str, Json] = {}
        self._source = source
        self._cloud = cloud
        self._rows: dict[str, list[tuple[Table, Row]]] = {}
        self._ids: dict[tuple[str, Json], tuple[Table, Row]] = {}
        for table in tables:
            list_name = table.register.name
            self._rows.setdefault(list_name, []).extend((table, row) for row in table.rows)
            *above, name = list_name.split(".")
            holder = self.facts
            for step in above:
                holder = holder.setdefault(step, {})  # type: ignore[assignment]  # an object, made here
            elements: list[Json] = holder.setdefault(name, [])  # type: ignore[assignment]  # a list, made here
            elements += [self._element(table, row) for row in table.rows]

    def trace(self, pointer: str) -> Provenance:
        """Return the cell of a fact, or of the closest value around it."""
        names = [*tokens(pointer)]
        for name, rows in self._rows.items():
            *above, index = names[: name.count(".") + 2] or [""]
            if ".".join(above) == name and index.isdecimal() and int(index) < len(rows):
                table, row = rows[int(index)]
                below = names[len(above) + 1 :]
                return table.provenance(row, ".".join(one for one in below if not one.isdecimal()))
        return Provenance(place=Place(path=self._source))

    def _element(self, table: Table, row: Row) -> dict[str, Json]:
        """Return the element of a row, its paths unfolded into objects."""
        self._check_id(table, row)
        element: dict[str, Json] = {}
        for path, (_, value) in row.values.items():
            *above, name = path.split(".")
            holder: Json = element
            for step in above:
                holder = holder.setdefault(step, {}) if isinstance(holder, dict) else None
            if not isinstance(holder, dict) or name in holder:
                raise _both(table, row, path)
            holder[name] = value
        region = object_of(element.get("location")).get("cloud_region")
        if isinstance(region, dict):
            if self._cloud:
                region.setdefault("provider", self._cloud)
            if company := _operator(region):
                element.setdefault("provider", {"name": company})
        return element

    def _check_id(self, table: Table, row: Row) -> None:
        """Refuse the id of a row in another file or sheet."""
        own = row.values[ID][1]
        other, first = self._ids.setdefault((table.register.name, own), (table, row))
        if first is not row:
            here, there = table.provenance(row, ID), other.provenance(first, ID)
            message = _ID_TWICE.format(value=show(own), here=here.text(), other=there.text())
            raise InputError(message, place=here.place)


def _both(table: Table, row: Row, path: str) -> InputError:
    """Return the error of an object that has a value in one cell and a property in another."""
    beside = (one for one in row.values if one != path)
    other = next(
        one for one in beside if f"{path}.".startswith(f"{one}.") or one.startswith(f"{path}.")
    )
    first, second = table.provenance(row, other), table.provenance(row, path)
    message = _EXCLUDED.format(one=first.text(), other=second.text())
    return InputError(message, place=second.place)


def _operator(region: JsonObject) -> str | None:
    """Return the company that runs a region of a cloud, as a plan of Terraform tells it."""
    cloud, name = provider_of(str(region.get("provider"))), region.get("id")
    if cloud is None or not isinstance(name, str):
        return None
    from pytest_icp.sources.terraform import tables  # few registers have regions

    owner = tables.table(cloud)
    told = map(owner.operator_in, reversed(region_and_wider(name))) if owner else ()
    return next(filter(None, told), None)


def read_register(request: Request) -> Derived:
    """Read the registers that are requested.

    Raises `InputError` with the address of each cell that cannot be read, and if it is not known
    which list a file has.
    """
    columns = _columns(request)
    remarks: list[Text] = []
    tables = [Table(grid, register, columns) for grid, register in _grids(request, remarks)]
    used = frozenset().union(*(table.mapped for table in tables))
    unused = next((heading for heading in columns if heading not in used), None)
    if unused is not None:
        raise InputError(_NO_HEADING.format(heading=unused))
    blank = [table for table in tables if table.notes and not table.rows]
    filled = [table for table in tables if table not in blank]
    told = [(request.as_written(table.path), table) for table in filled]
    remarks += [_NOTES.format(path=path, n=one.notes) for path, one in told if one.notes]
    for path, table in told:
        if table.left:
            remarks.append(_NOT_TOLD.format(path=path, names=listed(table.left)))
        if table.ended:
            remarks.append(_ENDED.format(path=path, n=table.ended))
    elements = Elements(request.path, filled, request.settings.get("cloud"))
    return Derived(
        facts=elements.facts,
        trace=elements.trace,
        current=bool(filled) and all(table.states for table in filled),
        gaps=tuple(
            Gap(message=_BLANK, place=Place(path=one.path), kinds=frozenset({one.register.fact}))
            for one in blank
        ),
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
        raw = request.read(path, limit=LARGEST)
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


_ID_TWICE = Text(
    zh="标识 {value} 出现两次：{other}；{here}", en="the id {value} occurs twice: {other}; {here}"
)
_EXCLUDED = Text(
    zh="这两格只能填一格：{one}；{other}", en="fill in only one of these cells: {one}; {other}"
)
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
