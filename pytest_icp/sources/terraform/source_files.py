"""Evaluate the files of a ``.tf`` folder and its modules, without reading any other file.

The parser follows any path, and functions may read any file of the machine. It therefore runs in a
child process that sees only a copy of these files, in which functions that read files are disabled.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, convert

from pytest_icp.facts.extras import missing_extra
from pytest_icp.facts.files.cache import cached, content_key
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.opening import is_folder
from pytest_icp.facts.files.repository import is_inside
from pytest_icp.facts.files.source import real_path
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.child.running import run
from pytest_icp.sources.terraform.evaluating import LOCAL, is_sensitive
from pytest_icp.sources.terraform.settling import META
from pytest_icp.sources.terraform.source_words import sources, without_calls, without_workspace
from pytest_icp.sources.terraform.tables import fingerprint, row_of

if TYPE_CHECKING:
    from pytest_icp.sources.request import Request

LARGEST = 64 * 1024 * 1024
"""The most bytes that the files of a source, those of its modules among them, may have."""

_FORM = "4"
"""Changes when the same files would be evaluated into something else."""
_SUFFIXES = (".tf", ".tf.json")
_TOFU = re.compile(r"\.tofu(\.json)?$")
_MODULE = re.compile(r'\bmodule\s*"[^"]*"\s*\{[^{}]*?\bsource\s*=\s*"(\.{1,2}/[^"$]*)"')
_CALL = re.compile(r'\bsource"?\s*[=:]\s*"(\.{1,2}/[^"$]*)"')
_ROUNDS = 8
"""How often folders are added that only the evaluation tells of."""
_FAULT = re.compile(r"(?:^|: )([^\s:]+):(\d+),(\d+)(?:-\d+(?:,\d+)?)?: (.*)", re.DOTALL)


def written_in(file: Path) -> Path:
    """Return the file of OpenTofu that stands in for one of Terraform, or that one."""
    name = file.name.removesuffix(".json")
    other = file.with_name(f"{name.removesuffix('.tf')}.tofu{file.name[len(name) :]}")
    return other if name.endswith(".tf") and other.is_file() else file


class OpenBlock(Struct, frozen=True):
    """A block that may be there or not: its address, type, file and line."""

    address: str
    type: str
    file: str
    line: int


class Evaluation(Confidential, Struct, frozen=True):
    """The evaluated blocks of a folder (求值结果), and missing modules.

    ``blocks`` are lists of blocks by type; file names in them are relative to ``folder``;
    ``missing`` are the paths of local modules that do not exist; ``hidden`` the names of the
    sensitive variables of the folder, which are not in the blocks; ``open`` are the resources and
    calls of modules of which it is not known whether, or how often, there is one.
    """

    _shown = ("folder",)

    blocks: Mapping[str, Any]
    folder: Path
    missing: tuple[str, ...]
    hidden: frozenset[str]
    open: tuple[OpenBlock, ...]


def evaluate(request: Request) -> Evaluation:
    """Evaluate a folder with its variables; sensitive variables and outputs are not known.

    Raises `InputError` with the place of a syntax error, for a folder without ``.tf`` files, for a
    module or variable file outside the repository, and for what takes more than the limits.
    """
    folder = _folder(request)
    files = _Files(request, folder)
    if find_spec("tfparse") is None:
        raise missing_extra("hcl", _READING)
    for _ in range(_ROUNDS):
        answer = files.evaluated()
        missing = [files.folder(name) for name in answer["missing"]]
        for module in missing:
            if not files.inside(module):
                real_path(module, root=request.root)
        if not [module for module in missing if files.add(module)]:
            break
    return Evaluation(
        answer["blocks"],
        folder,
        tuple(request.as_written(module) for module in missing),
        frozenset(answer["hidden"]),
        tuple(convert(answer["open_blocks"], list[OpenBlock])),
    )


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
        self._calls: dict[str, list[str]] = {}
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

    def inside(self, folder: Path) -> bool:
        """Whether a folder is inside the repository, symbolic links followed."""
        return is_inside(folder, self._top)

    def add(self, module: Path) -> bool:
        """Add a folder and those of its modules that are written out; False if nothing is new.

        Raises `InputError` if they call each other in a circle, or are too large.
        """
        before = len(self._texts)
        for here in (waiting := [module]):
            name = self._name(here)
            if name in self._calls or not self.inside(here) or not is_folder(here):
                continue
            self._calls[name] = []
            for file in _sources_in(here):
                text = self._text(written_in(file))
                known = without_workspace(without_calls(file.name, text))
                self._texts[posixpath.join(name, file.name)] = known
                is_json = file.name.endswith(".json")
                calls = sources(file.name, text) if is_json else _MODULE.findall(text)
                self._calls[name] += [
                    posixpath.normpath(posixpath.join(name, call))
                    for call in calls
                    if call and call.startswith(LOCAL)
                ]
                waiting += [Path(os.path.normpath(here / call)) for call in _CALL.findall(text)]
        try:
            TopologicalSorter(self._calls).prepare()
        except CycleError as error:
            circle = " → ".join(error.args[1][::-1])
            place = Place(path=self.folder(error.args[1][0]))
            raise InputError(_CIRCLE.format(circle=circle), place=place) from None
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
        """Return what the child answers, from the cache if an earlier run read the same files."""
        asked = ("terraform", _FORM, version("tfparse"), fingerprint(), self._at, *self._variables)
        texts = (part for item in sorted(self._texts.items()) for part in item)
        key = content_key(part.encode() for part in (*asked, *texts))
        return cached(key, self._evaluate)

    def _evaluate(self) -> dict[str, Any]:
        answer = self._run(checked=False)
        if "open" in answer:
            self._check()
            answer = self._run(checked=True)
        if "fault" in answer:
            raise self._fault(self.folder(answer["folder"]), answer["fault"])
        answer["blocks"] = {kind: _reduced(kind, each) for kind, each in answer["blocks"].items()}
        return answer

    def _run(self, *, checked: bool) -> dict[str, Any]:
        variables = list(self._variables)
        answer: dict[str, Any] = run(
            "pytest_icp.sources.terraform.evaluating",
            {"folder": self._at, "variables": variables, "checked": checked},
            {path: text.encode() for path, text in self._texts.items()},
            libraries=("_cffi_backend", "tfparse"),
            place=Place(path=self._request.path),
        )
        return answer

    def _check(self) -> None:
        """Refuse what may lead the parser out of the copy; it calls no function that reads files.

        For where the kernel cannot keep it there.
        """
        for path, text in self._texts.items():
            if not path.endswith(_SUFFIXES):
                continue
            for source in sources(path, text):
                local = source is not None and source.startswith(LOCAL)
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), source or ""))
                if source is None or (local and target.split("/")[0] == ".."):
                    raise InputError(_OPEN, place=Place(path=self.folder(path)), hint=_CLOSED)

    def _fault(self, module: Path, message: str) -> InputError:
        found = _FAULT.search(message)
        if found is None:
            return InputError(_NOT_READ, place=Place(path=module))
        file = self._variables.get(Path(found[1]).name) or written_in(module / found[1])
        place = Place(path=file, line=int(found[2]), column=int(found[3]))
        return InputError(_SYNTAX.format(what=found[4].partition(";")[0]), place=place)


def _sources_in(folder: Path) -> list[Path]:
    """Return the files of a folder that declare something, as Terraform would name them."""
    names = {_TOFU.sub(r".tf\1", path.name) for path in folder.iterdir()}
    return [folder / name for name in sorted(names) if name.endswith(_SUFFIXES)]


def _reduced(kind: str, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return only what is read of blocks: what else they hold may be secret."""
    row = row_of(kind)
    names = row.attributes | {"provider"} if row else _READ.get(kind, frozenset())
    names |= {"id", META}
    return [
        {name: value for name, value in block.items() if name in names}
        for block in blocks
        if kind != "output" or not is_sensitive(block)
    ]


_READ = {
    "module": frozenset({"source"}),
    "output": frozenset({"value"}),
    "provider": frozenset({"alias", "region"}),
}
"""What is read of blocks that are no resources."""
_READING = Text(zh="读取 .tf 源码", en="reading .tf source")
_NOTHING = Text(zh="文件夹中没有 .tf 文件", en="no .tf file in this folder")
_NO_FOLDER = Text(
    zh="Terraform 源码是文件夹，不是文件", en="Terraform source is a folder, not a file"
)
_NAME = Text(zh="请写 .tf 文件所在的文件夹", en="use the folder of the .tf files")
_NOT_UTF8 = Text(zh="文件不是 UTF-8 编码", en="the file is not UTF-8")
_NOT_READ = Text(zh="无法解析这个文件夹", en="this folder cannot be parsed")
_SYNTAX = Text(zh="HCL 语法错误：{what}", en="HCL syntax error: {what}")
_CIRCLE = Text(zh="模块循环调用：{circle}", en="modules call each other in a circle: {circle}")
_TOO_LARGE = Text(
    zh="Terraform 文件合计超过 {n} MiB", en="the Terraform files are larger than {n} MiB together"
)
_OPEN = Text(
    zh="模块的 source 不是写明的仓库内路径，而这台机器不能限制解析程序读取其他文件",
    en="the `source` of a module is not a path written out inside the repository, and this "
    "machine cannot keep the parser from other files",
)
_CLOSED = Text(
    zh="写明路径；或在 Linux 5.13 及以上运行；或改用计划（terraform-plan）",
    en="write the path out, run on Linux 5.13 or later, or use a plan (terraform-plan)",
)
