"""Source kind ``terraform``: a folder of ``.tf`` files, its resources, their links and places.

A few lines may expand to anything. The files are therefore evaluated in a child process, which has
limits, and sees only a copy of them.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Gap
from pytest_icp.facts.files.disk import decoded_as, is_folder, is_inside
from pytest_icp.facts.files.faults import Fault
from pytest_icp.facts.files.json import parse_json
from pytest_icp.facts.files.positions import Lines
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, object_of
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.hosts import names_user, without_secrets
from pytest_icp.sources.request import Request
from pytest_icp.sources.running import run
from pytest_icp.sources.terraform.deriving import (
    EVERY_LIST,
    command_gap,
    derived,
    tool_in,
    unread_gaps,
)
from pytest_icp.sources.terraform.resource import Origin, Resource, Row
from pytest_icp.sources.terraform.tables import lists_changed_by, lists_of, row_of

_TF, _TOFU = ".tf", ".tofu"
_IN_JSON = (".tf.json", ".tofu.json")
_OVERRIDE = re.compile(r"(?:.*_)?override\.(?:tf|tofu)(?:\.json)?")
LARGEST = 64 * 1024 * 1024
"""The most bytes that the files of a source, those of its modules among them, may have."""

_CALL = re.compile(r'\bsource\s*=\s*"(\.{1,2}/[^"$]*)"')


def read_source(request: Request) -> Derived:
    """Derive facts from a folder of ``.tf`` files (源码).

    Settings: ``vars``, files of variables in addition to those that Terraform loads by itself;
    ``region`` and ``regions`` (by alias) for providers without a region in the source. Sensitive
    variables and outputs are not known.

    Raises `InputError` with the place of a syntax error, for a folder without such files, for a
    variable file outside the repository, and for what takes more than the limits.
    """
    if request.alone:
        request.read()
        raise InputError(_NO_FOLDER, place=Place(path=request.path), hint=_NAME)
    files = _Files(request)
    links = SourceLinks(request, files.evaluated())
    gaps = (*links.unread(), *files.lacking(links.places), *links.uncertain())
    return derived(request, links.resources, links, gaps=gaps, unread=links.unmapped)


def _variable_files(request: Request) -> Iterator[Path]:
    """Yield the variable files in the order of Terraform: later ones win."""
    folder = request.path
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


def _values_beside(request: Request) -> list[Path]:
    """Return the files in the folder that may set variables otherwise, if none is chosen."""
    if request.settings.get("vars") is not None:
        return []
    loaded = {*_variable_files(request)}
    ends = (".tfvars", ".tfvars.json", "terragrunt.hcl")
    return [
        file for file in _shown(request.path) if file.name.endswith(ends) and file not in loaded
    ]


class _Files:
    """The files of a folder and of its local modules, by their paths relative to the root."""

    def __init__(self, request: Request) -> None:
        self._request = request
        folder = request.path
        self._top = Path(os.path.normpath(request.root))
        if not Path(os.path.normpath(folder)).is_relative_to(self._top):
            self._top, folder = Path(os.path.realpath(self._top)), Path(os.path.realpath(folder))
        self._at = self._name(folder)
        self._size = 0
        self._texts: dict[str, str] = {}
        self._folders: set[str] = set()
        self._unread: list[Path] = []
        if not self.add(folder):
            raise InputError(_NOTHING, place=Place(path=folder), hint=_NAME)
        self._variables: dict[str, Path] = {}
        self._given: list[str | Json] = []
        for number, file in enumerate(_variable_files(request)):
            text = self._text(file)
            if file.name.endswith(".json"):
                self._given.append(_values_in(file, text))
                continue
            name = f"pytest-icp-{number}.tfvars"
            self._texts[posixpath.join(self._at, name)] = text
            self._variables[name] = file
            self._given.append(name)

    def _name(self, folder: Path) -> str:
        return Path(os.path.relpath(folder, self._top)).as_posix()

    def folder(self, name: str) -> Path:
        """Return a folder by its path relative to the root."""
        own = name == self._at
        return self._request.path if own else Path(os.path.normpath(self._top / name))

    def add(self, module: Path) -> bool:
        """Add a folder and those of its modules that are written out; False if there is nothing.

        Raises `InputError` if they are too large.
        """
        for here in (waiting := [module]):
            name = self._name(here)
            if name in self._folders or not is_inside(here, self._top) or not is_folder(here):
                continue
            self._folders.add(name)
            self._unread += [path for path in _shown(here) if path.name.endswith(_IN_JSON)]
            for file in _sources_in(here):
                text = self._texts[posixpath.join(name, file.name)] = self._text(_written_in(file))
                waiting += [Path(os.path.normpath(here / call)) for call in _CALL.findall(text)]
        return bool(self._texts)

    def _text(self, file: Path) -> str:
        raw = self._request.read(file)
        self._size += len(raw)
        if self._size > LARGEST:
            message = _TOO_LARGE.format(n=LARGEST // 1024 // 1024)
            raise InputError(message, place=Place(path=self._request.path))
        text = decoded_as(raw, "utf-8-sig")
        if text is None:
            raise InputError(_NOT_UTF8, place=Place(path=file))
        return text

    def evaluated(self) -> dict[str, Any]:
        """Return what the child answers."""
        answer: dict[str, Any] = run(
            "pytest_icp.sources.terraform.language.modules",
            {"folder": self._at, "variables": self._given},
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
        self._calls = answer["calls"]
        return answer

    def lacking(self, places: SourcePlaces) -> Iterator[Gap]:
        """Yield a gap for each module and file that is not read, and each call of a tool."""
        for call in self._calls:
            source = without_secrets(call["source"])
            place = places.of_block(call, "source", shown=source == call["source"])
            why = _LACKING[self._why_not(call["called"])]
            message = why.format(module=call["address"], source=source or "?")
            yield Gap(message=message, place=place, kinds=EVERY_LIST)
        for why, files in ((_JSON, self._unread), (_VALUES, _values_beside(self._request))):
            for file in files:
                message = why.format(file=file.name)
                yield Gap(message=message, place=Place(path=file), kinds=EVERY_LIST)
        for path, text in self._texts.items():
            for number, line in enumerate(text.splitlines() if "-exec" in text else (), start=1):
                if tool := tool_in(_uncommented(line)):
                    place = places.at(posixpath.relpath(path, self._at), number)
                    yield command_gap(tool, place)

    def _why_not(self, name: str) -> str:
        """Return why the folder of a module is not read; an address elsewhere has no name."""
        if not name:
            return "remote"
        return "missing" if is_inside(self.folder(name), self._top) else "outside"

    def _fault(self, fault: Mapping[str, Any]) -> InputError:
        path = Path(fault["file"])
        file = self._variables.get(path.name) or _written_in(
            self.folder(path.parent.as_posix()) / path.name
        )
        place = Place(path=file, line=fault["line"], column=fault["column"])
        what = _FAULTS[fault["fault"]].format(word=fault["word"])
        return InputError(_SYNTAX.format(what=what), place=place, hint=_VALIDATE)


def _written_in(file: Path) -> Path:
    """Return the file of OpenTofu that stands in for one of Terraform, or that one."""
    other = file.with_suffix(_TOFU)
    return other if file.suffix == _TF and other.is_file() else file


def _sources_in(folder: Path) -> list[Path]:
    """Return the files of a folder that declare something, as Terraform would name them.

    Raises `InputError` for one that overrides others: what they say is not so then.
    """
    for path in _shown(folder):
        if _OVERRIDE.fullmatch(path.name):
            raise InputError(_OVERRIDES, place=Place(path=path), hint=_PLAN)
    files = (path for path in _shown(folder) if path.suffix in {_TF, _TOFU})
    return sorted({file.with_suffix(_TF) for file in files})


def _shown(folder: Path) -> list[Path]:
    """Return the files of a folder: those of editors and of macOS begin with a dot."""
    return sorted(folder.glob("[!.]*"))


def _values_in(file: Path, text: str) -> Json:
    """Return the values of variables in a file of JSON; what is wrong with it is not quoted."""
    try:
        data, _ = parse_json(text.encode())
    except Fault as fault:
        place = replace(Lines(text).place(file, fault.start, fault.end), excerpt="")
        raise InputError(fault.message, place=place, hint=fault.hint) from None
    return object_of(data)


class SourceLinks:
    """The resources of evaluated source; follows the references (引用) in their attributes."""

    def __init__(self, request: Request, answer: Mapping[str, Any]) -> None:
        self.places = SourcePlaces(request, answer)
        self.resources: list[Resource] = []
        self.unmapped: dict[str, list[str]] = defaultdict(list)
        """By type: the addresses of what has no row and may tell something."""
        self._first: dict[str, Mapping[str, Any]] = {}
        self._uncertain = ((_OPEN, answer["open"]), (_LEFT, answer["left"]))
        self._providers = {one["key"]: one for one in answer["providers"]}
        self._references: dict[Resource, list[tuple[list[str], str]]] = {}
        """The path of each reference in an attribute, and the address that it leads to."""
        self._maybe: dict[Resource, list[list[str]]] = {}
        """The paths of what may be there or not: a block, or a value that is null."""
        for one in answer["resources"]:
            if row := row_of(one["type"]):
                self._add(one, row)
            elif one["managed"] and lists_of(one["type"]):
                self.unmapped[one["type"]].append(one["address"])
                self._first.setdefault(one["type"], one)
        self._by_address = {one.address: one for one in self.resources}

    def _add(self, one: Mapping[str, Any], row: Row) -> None:
        """Add a resource with only what its row reads: what else it holds may be secret."""
        read = row.attributes
        resource = Resource(
            address=one["address"],
            base=one["base"],
            index=one["index"],
            module=one["module"],
            row=row,
            values={name: value for name, value in one["values"].items() if name in read},
            unknown={name: mirror for name, mirror in one["unknown"].items() if name in read},
            hidden=read.intersection(one["hidden"]),
            provider_key=one["provider"],
            origin=one["line"],
            file=one["file"],
            ignored=one["ignored"],
            managed=one["managed"],
            whole=one["whole"],
        )
        self.resources.append(resource)
        self._references[resource] = one["references"]
        self._maybe[resource] = one["open"]

    def follow(self, resource: Resource, attribute: str) -> tuple[Resource, ...]:
        """Return the resources that an attribute refers to."""
        path = attribute.split(".")
        found = self._references[resource]
        targets = dict.fromkeys(target for at, target in found if at[: len(path)] == path)
        return tuple(self._by_address[name] for name in targets if name in self._by_address)

    def is_set(self, resource: Resource, attribute: str) -> bool | None:
        """Whether an attribute is set; None if its block may not be there, or it may be null."""
        path = attribute.split(".")
        maybe = self._maybe[resource]
        if not resource.whole or any(path[: len(one)] == one for one in maybe):
            return None
        known = (resource.values, resource.unknown, resource.hidden)
        return any(path[0] in names for names in known)

    def provider_region(self, key: str) -> str | None:
        """Return the region of a provider: a constant, or the value of a variable.

        It is empty if none is set, and None if it is not known.
        """
        provider = self._providers.get(key)
        if provider is None:
            return None if key.endswith("]") else ""
        region: str | None = provider["region"]
        return region

    def place(self, origin: Origin) -> Place:
        """Return the place of an attribute, or of the region of a provider."""
        if origin.resource is not None:
            return self.places.of_resource(origin.resource, origin.attribute)
        return self.places.of_block(self._providers.get(origin.provider_key), "region")

    def unread(self) -> Iterator[Gap]:
        """Yield a gap for each type of resource that no table has."""
        first = {one["address"]: one for one in self._first.values()}
        return unread_gaps(self.unmapped, lambda name: self.places.of_block(first[name]))

    def uncertain(self) -> Iterator[Gap]:
        """Yield a gap for each block that may be there or not, or that is left in the cloud."""
        for why, one in ((why, one) for why, some in self._uncertain for one in some):
            is_module = one["type"] == "module"
            if kinds := EVERY_LIST if is_module else lists_changed_by(one["type"]):
                message = why.format(block=one["address"])
                yield Gap(message=message, place=self.places.of_block(one), kinds=kinds)


_VARIABLE = re.compile(r'=\s*(?:(")\$\{)?var\.([\w-]+)(?(1)\}[^"$]*")\s*$')
# A string that is not closed, as in a heredoc, ends with its line: nothing begins anew in it.
_APART = re.compile(r'"(?:[^"\\]|\\.)*+"?|#.*|//.*')


class SourcePlaces:
    """Looks up places in the files of a folder.

    What only refers to a variable stands where that is set: of a module in the call of it, of the
    root module in the last of the files of variables, else in its default.
    """

    def __init__(self, request: Request, answer: Mapping[str, Any]) -> None:
        self._request = request
        self._callers = answer["callers"]
        self._variables = answer["variables"]
        self._sensitive = answer["hidden"]
        self._variable_files = [*_variable_files(request)]
        self._lines = cache(self._read)

    def of_resource(self, resource: Resource, attribute: str) -> Place:
        """Return the place of an attribute, or of the block if it has no such attribute.

        A number in its path chooses one of the blocks of the name before it.
        """
        path = tuple(attribute.partition(" ")[0].split(".")) if attribute else ()
        shown = not path or path[0] not in resource.hidden
        there = resource.ignored.get(path[0]) if path else None
        file, line = there or (resource.file, resource.origin)
        return self._find(file, line, path, shown=shown, module=resource.module)

    def of_block(
        self, block: Mapping[str, Any] | None, *attribute: str, shown: bool = True
    ) -> Place:
        """Return the place of a block or its attribute, with its line if that may be ``shown``."""
        if block is None:
            return Place(path=self._request.path)
        return self._find(block["file"], block["line"], attribute, shown=shown)

    def at(self, name: str, line: int) -> Place:
        """Return the place of a line."""
        return self._find(name, line, (), shown=True)

    def _read(self, name: str) -> list[str]:
        try:
            return self._request.read(self._file(name)).decode("utf-8-sig").splitlines()
        except (InputError, UnicodeDecodeError):
            return []  # it was removed or replaced in the meantime

    def _find(
        self, name: str, start: int, path: tuple[str, ...], *, shown: bool, module: str = ""
    ) -> Place:
        lines = self._lines(name)
        line, found = start, None
        for part, following in pairwise((*path, "")):
            if part.isdecimal():
                continue
            which = int(following) if following.isdecimal() else 0
            hit = _within(lines, line, part, which, inside=found is not None)
            if hit is None:
                break
            line, found = hit
        if found is None:
            return Place(path=self._file(name), line=start, column=1)
        name, line, found = self._set(name, line, found, module)
        text = self._lines(name)[line - 1]
        start, end = found.span(1)
        if name.endswith(".json"):
            # What else stands in the line may be a secret.
            text = text[:end]
        else:
            start, end = _value(text, found) or (start, end)
        return Place(
            path=self._file(name),
            line=line,
            column=start + 1,
            excerpt=text if shown and "sensitive" not in text and not names_user(text) else "",
            width=end - start,
        )

    def _set(
        self, name: str, line: int, found: re.Match[str], module: str
    ) -> tuple[str, int, re.Match[str]]:
        """Return where the variable is set that a line refers to, if it does nothing else."""
        while value := _VARIABLE.search(_uncommented(self._lines(name)[line - 1])):
            if not module:
                return self._set_here(name, value[2]) or (name, line, found)
            file, start, module = self._callers[module]
            given = _within(self._lines(file), start, value[2], inside=False)
            if given is None:
                break
            name, (line, found) = file, given
        return name, line, found

    def _set_here(self, name: str, variable: str) -> tuple[str, int, re.Match[str]] | None:
        """Return where a variable of the root module is set, unless it is sensitive."""
        if Path(name).parent != Path() or variable in self._sensitive:
            return None
        wanted = re.compile(rf'\s*"?({re.escape(variable)})"?\s*[=:]')
        for file in reversed(self._variable_files):
            for number, text in enumerate(self._lines(str(file)), start=1):
                if found := wanted.match(text):
                    return str(file), number, found
        declared = self._variables.get(variable)
        if declared is None:
            return None
        name, line = declared
        default = _within(self._lines(name), line, "default", inside=False)
        return (name, *default) if default else None

    def _file(self, name: str) -> Path:
        return Path(os.path.normpath(_written_in(self._request.path / name)))


def _within(
    lines: list[str], start: int, name: str, which: int = 0, *, inside: bool
) -> tuple[int, re.Match[str]] | None:
    """Find a name in the block that begins at a line, but not in nested blocks.

    Of several blocks of the name, return the one that is wanted; the last if there are fewer.
    """
    last = None
    wanted = re.compile(rf'\s*(?:dynamic\s+")?({re.escape(name)})"?\s*(?:=|\{{)')
    depth = 0
    for number in range(start, len(lines) + 1):
        text = _APART.sub("", lines[number - 1])
        found = wanted.match(lines[number - 1])
        if found and number > start and depth <= (2 if inside else 1):
            last = number, found
            if not which:
                break
            which -= 1
        depth += text.count("{") - text.count("}")
        if depth <= 0:
            break
    return last


_SET = re.compile(r'"?[ \t]{0,99}[=:][ \t]{0,99}(?=[^\s{\[<])')


def _value(line: str, named: re.Match[str]) -> tuple[int, int] | None:
    """Return where the value of what is named begins and ends, if it is all on its line."""
    text = _uncommented(line).rstrip().removesuffix(",").rstrip()
    begun = _SET.match(text, named.end(1))
    return (begun.end(), len(text)) if begun else None


def _uncommented(line: str) -> str:
    """Return a line without its comment."""
    return _APART.sub(lambda found: found[0] if found[0][0] == '"' else "", line)


_NOTHING = Text(zh="文件夹中没有 .tf 文件", en="no .tf file in this folder")
_NO_FOLDER = Text(
    zh="Terraform 源码是文件夹，不是文件", en="Terraform source is a folder, not a file"
)
_NAME = Text(zh="请写 .tf 文件所在的文件夹", en="use the folder of the .tf files")
_OVERRIDES = Text(zh="覆盖文件没有读取", en="override files are not read")
_PLAN = Text(zh="请改用计划（terraform-plan）", en="use a plan (terraform-plan) instead")
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
    "escape": Text(zh="没有这种转义", en="there is no such escape"),
    "expected": Text(zh="这里应当是 {word}", en="expected `{word}`"),
    "expression": Text(zh="这里应当是表达式", en="expected an expression"),
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
_JSON = Text(
    zh="{file} 是 JSON 形式的 Terraform 代码，没有读取；请改用计划（terraform-plan）",
    en="{file} is Terraform code in the form of JSON, which is not read; use a plan "
    "(terraform-plan) instead",
)
_VALUES = Text(
    zh="{file} 可能给变量另设了值，没有读取；请用 vars 写明读哪些变量文件（没有就写 vars: []），"
    "或改用计划（terraform-plan）",
    en="{file} may set variables to other values, and is not read; say by `vars` which files of "
    "variables count (`vars: []` for none), or use a plan (terraform-plan)",
)
_LACKING = {
    "remote": Text(
        zh="{module} 来自远程（{source}），其中的资源不在仓库里；请改用计划（terraform-plan）",
        en="{module} is remote ({source}), so its resources are not in this repository; "
        "use a plan (terraform-plan) instead",
    ),
    "outside": Text(
        zh="{module} 的文件夹 {source} 在仓库之外，没有读取；请改用计划（terraform-plan）",
        en="the folder {source} of {module} is outside the repository, so it is not read; "
        "use a plan (terraform-plan) instead",
    ),
    "missing": Text(
        zh="{module} 的文件夹 {source} 不存在或没有 .tf 文件，或者路径没有直接写出",
        en="the folder {source} of {module} does not exist or has no .tf files, or its path is "
        "not written out",
    ),
}
_OPEN = Text(
    zh="无法判断 {block} 有没有、有几个：count、for_each 或 enabled 取决于未知的值；"
    "请给出变量的值（vars），或改用计划（terraform-plan）",
    en="whether {block} exists, and how often, is not known: its `count`, `for_each` or `enabled` "
    "depends on unknown values; give the variables (`vars`), or use a plan (terraform-plan)",
)
_LEFT = Text(
    zh="不再管理 {block}，但不销毁（destroy = false），云上仍有；"
    "请另用一个来源（如 cloud-export）写明",
    en="{block} is not managed any more and not destroyed (`destroy = false`), so it stays in the "
    "cloud; name it by another source, such as a cloud-export",
)
