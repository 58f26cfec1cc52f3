"""Evaluate the files of a ``.tf`` folder and its modules, without reading any other file.

The parser follows any path, and functions may read any file of the machine. It therefore gets a
copy of only these files, in which functions that read files are disabled.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from pytest_icp.facts.extras import missing_extra
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.source import real_path
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pytest_icp.sources.request import Request

_SUFFIXES = (".tf", ".tf.json")
_CALL = re.compile(r'^\s*"?source"?\s*[=:]\s*"(\.{1,2}/[^"$]*)"', re.MULTILINE)
_OPAQUE = re.compile(r"\b[fts](?=(?:ile|emplatefile|ensitive)[a-z0-9]*\s*\()")
"""The first letter of functions that read files or mark a value as sensitive."""
_FAULT = re.compile(r"(?:^|: )([^\s:]+):(\d+),(\d+)(?:-\d+(?:,\d+)?)?: (.*)", re.DOTALL)


class Evaluation(Confidential, Struct, frozen=True):
    """The evaluated blocks of a folder (求值结果), and missing modules.

    ``blocks`` are lists of blocks by type; file names in them are relative to ``folder``;
    ``missing`` are the paths of local modules that do not exist.
    """

    _shown = ("folder",)

    blocks: Mapping[str, Any]
    folder: Path
    missing: tuple[str, ...]


def evaluate(request: Request) -> Evaluation:
    """Evaluate a folder with its variables; sensitive variables are not known.

    Raises `InputError` with the place of a syntax error, for a folder without ``.tf`` files, and
    for a module or variable file outside the repository.
    """
    folder = _folder(request)
    found = dict(_closure(request, folder))
    if not found[folder]:
        raise InputError(_NOTHING, place=Place(path=folder), hint=_NAME)
    missing = tuple(request.as_written(module) for module, files in found.items() if not files)
    with TemporaryDirectory(prefix="pytest-icp-") as name:
        copy = _Copy(Path(name), request, folder)
        for module, files in found.items():
            copy.add(module, files)
        variables = copy.add_variables(list(variable_files(request, folder)))
        for module, files in found.items():
            if files:
                copy.load(module)
        blocks = copy.load(folder, variables)
        secret = sorted(sensitive(blocks))
        if secret:
            blocks = copy.load(folder, [*variables, copy.add_unknown(secret)])
    return Evaluation(blocks, folder, missing)


def _folder(request: Request) -> Path:
    if request.given is not None or not request.path.is_dir():
        request.read()
        raise InputError(_NO_FOLDER, place=Place(path=request.path), hint=_NAME)
    return request.path


def _closure(request: Request, folder: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Yield the folder and those of its local modules, each with its files."""
    waiting = [folder]
    seen = set()
    while waiting:
        here = waiting.pop(0)
        if here in seen:
            continue
        seen.add(here)
        inside = Path(os.path.realpath(here)).is_relative_to(os.path.realpath(request.root))
        if here.exists() or not inside:
            real_path(here, root=request.root)
        files = _files(here)
        yield here, files
        for file in files:
            text = _text(request, file)
            waiting += [Path(os.path.normpath(here / call)) for call in _CALL.findall(text)]


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.name.endswith(_SUFFIXES))


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


def _text(request: Request, file: Path) -> str:
    try:
        return request.read(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(_NOT_UTF8, place=Place(path=file)) from None


def sensitive(blocks: Mapping[str, Any]) -> Iterator[str]:
    """Yield the sensitive variables of the root module."""
    for variable in blocks.get("variable", ()):
        meta = variable["__tfmeta"]
        secret = variable.get("sensitive") is True or variable.get("ephemeral") is True
        if secret and meta["path"].startswith("variable."):
            yield meta["label"]


class _Copy:
    """The copy of the files that the parser reads."""

    def __init__(self, top: Path, request: Request, folder: Path) -> None:
        self._top = top / "root"
        self._request = request
        self._root = Path(os.path.realpath(request.root))
        self._folder = self._at(folder)

    def _at(self, folder: Path) -> Path:
        return self._top / Path(os.path.realpath(folder)).relative_to(self._root)

    def add(self, module: Path, files: list[Path]) -> None:
        target = self._at(module)
        target.mkdir(parents=True, exist_ok=True)
        for file in files:
            # An unknown function returns an unknown value.
            text = _OPAQUE.sub("x", _text(self._request, file))
            (target / file.name).write_text(text, "utf-8")

    def add_variables(self, files: list[Path]) -> list[str]:
        self._variables: dict[str, Path] = {}
        for number, file in enumerate(files):
            suffix = ".tfvars.json" if file.name.endswith(".json") else ".tfvars"
            name = f"pytest-icp-{number}{suffix}"
            (self._folder / name).write_text(_text(self._request, file), "utf-8")
            self._variables[name] = file
        return list(self._variables)

    def add_unknown(self, names: list[str]) -> str:
        """Write a variable file that makes these variables unknown, and return its name."""
        name = "pytest-icp-sensitive.tfvars"
        lines = "".join(f"{variable} = null\n" for variable in names)
        (self._folder / name).write_text(lines, "utf-8")
        return name

    def load(self, module: Path, variables: list[str] | None = None) -> dict[str, Any]:
        tfparse = _parser()
        target = self._at(module)
        try:
            found: dict[str, Any] = tfparse.load_from_path(
                str(target), stop_on_hcl_error=True, vars_paths=variables or None
            )
        except tfparse.ParseError as error:
            raise self._fault(module, str(error)) from None
        return found

    def _fault(self, module: Path, message: str) -> InputError:
        found = _FAULT.search(message)
        if found is None:
            return InputError(_NOT_READ, place=Place(path=module))
        file = self._variables.get(Path(found[1]).name) or module / found[1]
        place = Place(path=file, line=int(found[2]), column=int(found[3]))
        return InputError(_SYNTAX.format(what=found[4].partition(";")[0]), place=place)


def _parser() -> Any:
    try:
        import tfparse
    except ImportError:
        raise missing_extra("hcl", _READING) from None
    return tfparse


_READING = Text(zh="读取 .tf 源码", en="reading .tf source")
_NOTHING = Text(zh="文件夹中没有 .tf 文件", en="no .tf file in this folder")
_NO_FOLDER = Text(
    zh="Terraform 源码是文件夹，不是文件", en="Terraform source is a folder, not a file"
)
_NAME = Text(zh="请写 .tf 文件所在的文件夹", en="use the folder of the .tf files")
_NOT_UTF8 = Text(zh="文件不是 UTF-8 编码", en="the file is not UTF-8")
_NOT_READ = Text(zh="无法解析这个文件夹", en="this folder cannot be parsed")
_SYNTAX = Text(zh="HCL 语法错误：{what}", en="HCL syntax error: {what}")
