"""Source kind ``register``: a list as people keep it, in a table (登记表).

Each row is an element of a list of the description, each column a property. Setting ``list``
names the list; without it the name of the file does: ``complaints.csv``, ``投诉台账2023.csv``.
Setting ``columns`` maps headings of one's own to properties, or to null to leave them out;
``cloud`` is the provider of the regions in a table that does not name it. In a folder, every
register is read. A table with headings and no rows says that there are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pytest_icp.facts.answers import folded
from pytest_icp.facts.derived import Derived, Gap
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text
from pytest_icp.sources.listing import listed
from pytest_icp.sources.register.columns import ALIKE, Register, register_named, registers
from pytest_icp.sources.register.files import SUFFIXES, grids_of
from pytest_icp.sources.register.grids import LARGEST, Grid
from pytest_icp.sources.register.tables import Columns, Elements, Table, table_of
from pytest_icp.sources.register.workbook import MAGIC
from pytest_icp.sources.request import Request


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
    elements = Elements(request.path, filled, request.settings.get("cloud"))
    return Derived(
        facts=elements.facts,
        trace=elements.trace,
        partial=elements.partial,
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
