"""Evaluate the files of a ``.tf`` folder and its modules, without reading any other file.

A few lines may expand to anything. They are therefore evaluated in a child process, which has
limits, and sees only a copy of these files.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, convert

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.opening import is_folder
from pytest_icp.facts.files.repository import is_inside
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.child.running import run
from pytest_icp.sources.terraform.language.folders import SUFFIXES
from pytest_icp.sources.terraform.tables import row_of

if TYPE_CHECKING:
    from pytest_icp.sources.request import Request

LARGEST = 64 * 1024 * 1024
"""The most bytes that the files of a source, those of its modules among them, may have."""

_TOFU = re.compile(r"\.tofu(\.json)?$")
_CALL = re.compile(r'\bsource"?\s*[=:]\s*"(\.{1,2}/[^"$]*)"')
_ROUNDS = 8
"""How often folders are added that only the evaluation tells of."""


def written_in(file: Path) -> Path:
    """Return the file of OpenTofu that stands in for one of Terraform, or that one."""
    name = file.name.removesuffix(".json")
    other = file.with_name(f"{name.removesuffix('.tf')}.tofu{file.name[len(name) :]}")
    return other if name.endswith(".tf") and other.is_file() else file


class Placed(Struct, frozen=True, kw_only=True):
    """Something of a block, with its file and line; see `Block`."""

    file: str
    line: int
    replaced: Mapping[str, tuple[str, int]] = {}


class OpenBlock(Placed, frozen=True, kw_only=True):
    """A resource or the call of a module that may be there or not: its address and type."""

    address: str
    type: str


class LackingCall(Placed, frozen=True, kw_only=True):
    """The call of a module that is not read: because it is remote, outside or missing (``why``)."""

    address: str
    source: str
    why: str


class Provider(Placed, frozen=True, kw_only=True):
    """A provider that is configured, and its region: empty if none is set."""

    key: str
    region: Any


class Declared(Confidential, Placed, frozen=True, kw_only=True):
    """A resource or a data source as it is there once.

    ``base`` is the address without its ``key``; in ``values`` is what the row of its type reads,
    and it is ``whole`` where what is not set is certainly not.
    """

    _shown = ("address",)

    address: str
    base: str
    key: str
    module: str
    type: str
    managed: bool
    provider: str
    values: Mapping[str, Any]
    whole: bool


class Evaluation(Confidential, Struct, frozen=True, kw_only=True):
    """What the files of a folder declare (求值结果), evaluated.

    File names in it are relative to ``folder``. ``calls`` are those of modules that are not here;
    ``variables`` where those of the folder are declared, and ``hidden`` the names of those that are
    sensitive; ``open`` is what may be there or not.
    """

    _shown = ("folder",)

    folder: Path
    resources: Sequence[Declared]
    calls: Sequence[LackingCall]
    providers: Sequence[Provider]
    open: Sequence[OpenBlock]
    variables: Mapping[str, tuple[str, int]]
    hidden: frozenset[str]


def evaluate(request: Request) -> Evaluation:
    """Evaluate a folder with its variables; sensitive variables and outputs are not known.

    Raises `InputError` with the place of a syntax error, for a folder without ``.tf`` files, for a
    variable file outside the repository, and for what takes more than the limits.
    """
    folder = _folder(request)
    files = _Files(request, folder)
    for _ in range(_ROUNDS):
        answer = files.evaluated()
        if not [name for name in answer["missing"] if files.add(files.folder(name))]:
            break
    calls = [{**call, "why": files.why_not(call["called"])} for call in answer["calls"]]
    return convert({**answer, "folder": folder, "calls": calls}, Evaluation)


def _folder(request: Request) -> Path:
    if request.given is not None or not is_folder(request.path):
        request.read()
        raise InputError(_NO_FOLDER, place=Place(path=request.path), hint=_NAME)
    return request.path


def variable_files(request: Request, folder: Path) -> Iterator[Path]:
    """Yield the variable files in the order of Terraform: later ones win."""
    for name in ("terraform.tfvars", "terraform.tfvars.json"):
        if (folder / name).exists():
            yield folder / name
    yield from sorted(
        path
        for path in folder.iterdir()
        if path.name.endswith((".auto.tfvars", ".auto.tfvars.json"))
    )
    named = request.settings.get("vars")
    for written in named if isinstance(named, list) else ():
        yield request.folder / str(written)


class _Files:
    """The files of a folder and of its local modules, by their paths relative to the root."""

    def __init__(self, request: Request, folder: Path) -> None:
        self._request, self._given = request, folder
        self._top = Path(os.path.normpath(request.root))
        if not Path(os.path.normpath(folder)).is_relative_to(self._top):
            self._top, folder = Path(os.path.realpath(self._top)), Path(os.path.realpath(folder))
        self._at = self._name(folder)
        self._size = 0
        self._texts: dict[str, str] = {}
        self._folders: set[str] = set()
        if not self.add(folder):
            raise InputError(_NOTHING, place=Place(path=folder), hint=_NAME)
        self._variables: dict[str, Path] = {}
        for number, file in enumerate(variable_files(request, folder)):
            suffix = ".tfvars.json" if file.name.endswith(".json") else ".tfvars"
            name = f"pytest-icp-{number}{suffix}"
            self._texts[posixpath.join(self._at, name)] = self._text(file)
            self._variables[name] = file

    def _name(self, folder: Path) -> str:
        return Path(os.path.relpath(folder, self._top)).as_posix()

    def folder(self, name: str) -> Path:
        """Return a folder by its path relative to the root."""
        return self._given if name == self._at else Path(os.path.normpath(self._top / name))

    def why_not(self, name: str) -> str:
        """Return why the folder of a module is not read; an address elsewhere has no name."""
        if not name:
            return "remote"
        return "missing" if is_inside(self.folder(name), self._top) else "outside"

    def add(self, module: Path) -> bool:
        """Add a folder and those of its modules that are written out; False if nothing is new.

        Raises `InputError` if they are too large.
        """
        before = len(self._texts)
        for here in (waiting := [module]):
            name = self._name(here)
            if name in self._folders or not is_inside(here, self._top) or not is_folder(here):
                continue
            self._folders.add(name)
            for file in _sources_in(here):
                text = self._texts[posixpath.join(name, file.name)] = self._text(written_in(file))
                waiting += [Path(os.path.normpath(here / call)) for call in _CALL.findall(text)]
        return len(self._texts) > before

    def _text(self, file: Path) -> str:
        raw = self._request.read(file)
        self._size += len(raw)
        if self._size > LARGEST:
            message = _TOO_LARGE.format(n=LARGEST // 1024 // 1024)
            raise InputError(message, place=Place(path=self._request.path))
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InputError(_NOT_UTF8, place=Place(path=file)) from None

    def evaluated(self) -> dict[str, Any]:
        """Return what the child answers."""
        answer: dict[str, Any] = run(
            "pytest_icp.sources.terraform.evaluating",
            {"folder": self._at, "variables": list(self._variables)},
            {path: text.encode() for path, text in self._texts.items()},
            libraries=(),
            place=Place(path=self._request.path),
        )
        if "fault" in answer:
            raise self._fault(answer)
        if "circle" in answer:
            folders = answer["circle"]
            place = Place(path=self.folder(folders[0]))
            raise InputError(_CIRCLE.format(circle=" → ".join(folders)), place=place)
        answer["resources"] = [_reduced(one) for one in answer["resources"]]
        return answer

    def _fault(self, fault: Mapping[str, Any]) -> InputError:
        path = Path(fault["file"])
        file = self._variables.get(path.name) or written_in(
            self.folder(path.parent.as_posix()) / path.name
        )
        place = Place(path=file, line=fault["line"], column=fault["column"])
        what = _FAULTS[fault["fault"]].format(word=fault["word"])
        return InputError(_SYNTAX.format(what=what), place=place, hint=_VALIDATE)


def _sources_in(folder: Path) -> list[Path]:
    """Return the files of a folder that declare something, as Terraform would name them."""
    names = {_TOFU.sub(r".tf\1", path.name) for path in folder.iterdir()}
    # Those that begin with a dot are of editors and of macOS: Terraform leaves them out, too.
    named = (name for name in sorted(names) if name.endswith(SUFFIXES) and name[0] != ".")
    return [folder / name for name in named]


def _reduced(resource: dict[str, Any]) -> dict[str, Any]:
    """Return only what is read of a resource: what else it holds may be secret."""
    row = row_of(resource["type"])
    names = row.attributes if row else frozenset[str]()
    values = {name: value for name, value in resource["values"].items() if name in names}
    return {**resource, "values": values}


_NOTHING = Text(zh="文件夹中没有 .tf 文件", en="no .tf file in this folder")
_NO_FOLDER = Text(
    zh="Terraform 源码是文件夹，不是文件", en="Terraform source is a folder, not a file"
)
_NAME = Text(zh="请写 .tf 文件所在的文件夹", en="use the folder of the .tf files")
_NOT_UTF8 = Text(zh="文件不是 UTF-8 编码", en="the file is not UTF-8")
_SYNTAX = Text(zh="语法错误：{what}", en="syntax error: {what}")
_VALIDATE = Text(
    zh="terraform validate 或 tofu validate 会说明怎样改",
    en="`terraform validate` or `tofu validate` says more of it",
)
_FAULTS = {
    "argument": Text(
        zh="这里应当是参数或配置块的名称", en="expected the name of an argument or a block"
    ),
    "ends nothing": Text(zh="{word} 没有对应的开头", en="`{word}` ends nothing"),
    "escape": Text(zh="没有这种转义", en="there is no such escape"),
    "expected": Text(zh="这里应当是 {word}", en="expected `{word}`"),
    "expression": Text(zh="这里应当是表达式", en="expected an expression"),
    "json": Text(zh="不是有效的 JSON", en="not valid JSON"),
    "label": Text(zh="标签中不能有表达式", en="a label has no expressions in it"),
    "labels": Text(
        zh="{word} 块的标签数目不对", en="a block `{word}` has another number of labels"
    ),
    "line end": Text(zh="这里应当换行", en="expected the end of the line"),
    "name": Text(zh="这里应当是名称", en="expected a name"),
    "number": Text(zh="数字太大", en="the number is too large"),
    "open": Text(zh="{word} 没有结束", en="`{word}` is not closed"),
    "twice": Text(zh="{word} 重复", en="`{word}` is set twice"),
}
"""What may be wrong with a file, by the names that `SyntaxFault` has for it."""
_CIRCLE = Text(zh="模块循环调用：{circle}", en="modules call each other in a circle: {circle}")
_TOO_LARGE = Text(
    zh="Terraform 文件合计超过 {n} MiB", en="the Terraform files are larger than {n} MiB together"
)
