"""Source kind ``register``: a list as people keep it, in a table (登记表).

Each row is an element of a list of the description, each column a property. Setting ``list``
names the list; without it the name of the file does: ``complaints.csv``, ``投诉台账2023.csv``.
Setting ``columns`` maps headings of one's own to properties, or to null to leave them out. In a
folder, every register is read. A table with headings and no rows says that there are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pytest_icp.facts.derived import Derived, Gap
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text
from pytest_icp.sources.register.columns import Register, folded, register_named, registers
from pytest_icp.sources.register.delimited import SUFFIXES, read_delimited
from pytest_icp.sources.register.elements import Elements
from pytest_icp.sources.register.grids import LARGEST, Grid
from pytest_icp.sources.register.tables import Columns, Table, table_of
from pytest_icp.sources.request import Request


def read_register(request: Request) -> Derived:
    """Read the registers that are requested.

    Raises `InputError` with the address of each cell that cannot be read, and if it is not known
    which list a file has.
    """
    columns = _columns(request)
    tables = [table_of(grid, register, columns) for grid, register in _grids(request)]
    used = frozenset().union(*(table.mapped for table in tables))
    unused = next((heading for heading in columns if heading not in used), None)
    if unused is not None:
        raise InputError(_NO_HEADING.format(heading=unused))
    blank = [table for table in tables if table.noted and not table.rows]
    elements = Elements(request.path, [table for table in tables if table not in blank])
    return Derived(facts=elements.facts, trace=elements.trace, gaps=tuple(map(_gap, blank)))


def lists_of(request: Request) -> frozenset[str]:
    """Return the top-level facts that a source may give, as far as names tell them."""
    try:
        named = [_named(request, path) for path in _files(request)]
    except InputError:
        named = [None]
    known = [register for register in named if register is not None]
    return frozenset(
        each.fact for each in (known if len(known) == len(named) else registers().values())
    )


def _files(request: Request) -> Iterator[Path]:
    yield from request.files(*SUFFIXES)


def _grids(request: Request) -> Iterator[tuple[Grid, Register]]:
    for path in _files(request):
        raw = request.read(None if path == request.path else path, limit=LARGEST)
        register = _named(request, path)
        if register is None:
            raise InputError(_WHICH, place=Place(path=path), hint=_NAME_IT)
        yield read_delimited(path, raw), register


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
    zh="list：没有可作登记表的清单「{name}」",
    en="list: there is no list {name!r} to keep as a register",
)
_NO_HEADING = Text(
    zh="columns：没有「{heading}」这一列", en="columns: no register has a column {heading!r}"
)
_BLANK = Text(
    zh="登记表还没有填写；如果一件也没有，请删去以 # 开头的一行",
    en="this register is not filled in; if there are none, delete the row that begins with #",
)
