"""Evaluate a copy of ``.tf`` files, in a child process, without what is sensitive.

The task: ``root``, the copy; ``folder``, the one to evaluate, relative to it; ``variables``, the
names of its files of variables; ``checked``, whether the files were checked beforehand.
"""

from __future__ import annotations

import ctypes
import posixpath
import re
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from pytest_icp.facts.files.opening import is_folder
from pytest_icp.sources.child.confinement import enclose, may_enclose, restrict
from pytest_icp.sources.terraform.settling import (
    META,
    evaluated,
    not_there,
    settle_values,
    take_out_uncertain,
)
from pytest_icp.sources.terraform.source_blocks import asked, declared
from pytest_icp.sources.terraform.source_words import renamed_members

HIDDEN = "icp-sensitive"
"""The name of the variable, of no value, that stands for each sensitive one."""
OPEN = "icp-open"
"""The name of the variable, of no value, that stands for each argument that is not known."""
LOCAL = ("./", "../")
_SUFFIXES = (".tf", ".tf.json")
_NEEDED = ("libpthread.so.0", "libresolv.so.2")
"""The libraries of the system that the parser's library needs."""
_MAY_BE = {"resource", "module"}
"""The kinds of blocks that are there or not."""
_META = {"source", "version", "count", "for_each", "providers", "depends_on", "id"}
_IS_NULL = re.compile(r'\s*+"?([\w-]++)"?\s*+[=:]\s*+null\s*+(?:$|[},#/])')
_ROUNDS = 10
"""How often what is sensitive is looked for; the second time finds all but what was hidden."""


class Fault(Exception):  # noqa: N818 - a fault of the file, and the parser's words for it
    """What the parser says of a folder."""


def answer(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the evaluated ``blocks``, the ``hidden`` variables of the folder, and what is called.

    Or ``open``, if this process could not be confined and the files were not checked; or ``fault``,
    what the parser says of which ``folder``.
    """
    root, parse = _confined(task["root"], checked=task["checked"])
    if parse is None:
        return {"open": True}
    copy = Copy(Path(root), parse)
    try:
        return copy.evaluate(task["folder"], task["variables"])
    except Fault as fault:
        return {"fault": str(fault), "folder": copy.at}


def _confined(root: str, *, checked: bool) -> tuple[str, Any]:
    """Load the parser, and see nothing but the copy; return its root as it is then.

    The runtime of Go starts threads as it is loaded. What Landlock forbids holds for those that
    are started later, so it comes first, and allows the library; a new root holds for all.
    """
    spec = find_spec("tfparse")
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    import_module("_cffi_backend")
    for name in _NEEDED:
        with suppress(OSError):  # another libc has it in one
            ctypes.CDLL(name)
    # Folders were listed by now, which cannot be done later.
    package = Path(str(spec and spec.origin)).parent
    may = may_enclose()
    restricted = restrict(root, [str(package), str(package.with_name(f"tfparse{suffix}"))])
    if not (restricted or may or checked):
        return root, None
    parser = import_module("tfparse")
    if may and enclose(root):
        return "/", parser
    return root, parser if restricted or checked else None


class _Block(NamedTuple):
    """A sensitive block: its kind, its name, its file in the copy, its first and last line."""

    kind: str
    name: str
    file: Path
    first: int
    last: int


class Copy:
    """A copy of files, which the parser reads and which is changed."""

    def __init__(self, root: Path, parser: Any) -> None:
        self._root = root
        self._parser = parser
        self._open: dict[str, set[str]] = {}
        self.at = ""
        """The folder that was evaluated last."""

    def evaluate(self, folder: str, variables: Sequence[str]) -> dict[str, Any]:
        """Evaluate a folder; each folder of a module alone before, for its faults.

        Raises `Fault`.
        """
        folders = {folder: True}
        hidden: set[str] = set()
        for here in (waiting := [folder]):
            if not self._has_files(here):
                folders[here] = False
                continue
            blocks = self._load(here)
            hidden |= self._hide(here, blocks, folder)
            called = [one for one in _called(here, blocks) if one not in folders]
            folders |= dict.fromkeys(called, True)
            waiting += dict.fromkeys(called)
        for _ in range(_ROUNDS):
            blocks = self._load(folder, variables)
            more = self._hide(folder, blocks, folder)
            if not more and not self._leave_open(folder, blocks):
                there = [name for name, is_there in folders.items() if is_there]
                return {
                    "open_blocks": self._settle(folder, blocks, variables, there),
                    "blocks": blocks,
                    "hidden": sorted(name for name in hidden if name),
                    "missing": [name for name in folders if name not in there],
                }
            hidden |= more
        raise Fault("")

    def _settle(
        self, folder: str, blocks: dict[str, Any], variables: Sequence[str], there: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Take out of blocks what is null, or may not be there; return the blocks that may not be.

        A second evaluation asks how often those are repeated that the first has left out.
        """
        files = {
            posixpath.relpath(posixpath.join(here, path.name), folder): path
            for here in there
            for path in sorted((self._root / here).iterdir())
            if _is_source(path)
        }
        texts = {name: path.read_text("utf-8") for name, path in files.items()}
        known = {
            (name, block.address): block
            for name, text in texts.items()
            for block in declared(name, text)
        }
        settle_values(blocks, known)
        left_out = {
            at: known[at]
            for at in known.keys() - evaluated(blocks)
            # What stands in the folder itself is there, unless it is repeated no times.
            if known[at].kind in _MAY_BE and (known[at].repeated or "/" not in at[0])
        }
        if left_out:
            for name in {name for name, _ in left_out}:
                these = [block for (file, _), block in left_out.items() if file == name]
                files[name].write_text(asked(texts[name], these), "utf-8")
            again = self._load(folder, variables)
            left_out = {at: one for at, one in left_out.items() if at not in not_there(again)}
        left_out |= {at: known[at] for at in take_out_uncertain(blocks, known) if at in known}
        return [
            {"address": address, "type": one.labels[0], "file": name, "line": one.line}
            for (name, address), one in sorted(left_out.items())
            if one.kind in _MAY_BE
        ]

    def _has_files(self, folder: str) -> bool:
        path = self._root / folder
        inside = folder.split("/", 1)[0] != ".."
        return inside and is_folder(path) and any(map(_is_source, path.iterdir()))

    def _load(self, folder: str, variables: Sequence[str] = ()) -> dict[str, Any]:
        self.at = folder
        try:
            found: dict[str, Any] = self._parser.load_from_path(
                str(self._root / folder),
                stop_on_hcl_error=True,
                vars_paths=[*variables] or None,
            )
        except self._parser.ParseError as error:
            raise Fault(str(error)) from None
        except ValueError:  # a number of more digits than Python reads
            raise Fault("") from None
        # A type with a dot in it, which none has, is a level more.
        return {
            kind: [block for block in listed if META in block]
            for kind, listed in found.items()
            if isinstance(listed, list)
        }

    def _hide(self, folder: str, blocks: Mapping[str, Any], shown: str) -> set[str]:
        """Take sensitive blocks out of their files; return the names of variables in ``shown``.

        Other names are returned as an empty one.
        """
        found = set(self._sensitive(folder, blocks))
        for file in {block.file for block in found}:
            _take_out(file, [block for block in found if block.file == file])
        for path in {block.file.parent for block in found}:
            inside = [block for block in found if block.file.parent == path]
            names = {block.name for block in inside if block.kind == "variable"}
            outputs = {block.name for block in inside if block.kind == "output"}
            _refer_to_nothing(path, names, outputs)
        top = self._root / shown
        return {
            block.name if block.file.parent == top and block.kind == "variable" else ""
            for block in found
        }

    def _leave_open(self, folder: str, blocks: Mapping[str, Any]) -> bool:
        """Let arguments of modules that are not known be so in them; False if none is new.

        The parser takes them for null there, which decides what is compared with it.
        """
        found: dict[str, set[str]] = {}
        for call in blocks.get("module", ()):
            for called in _called(folder, {"module": [call]}):
                found.setdefault(called, set()).update(self._not_known(folder, call))
        new = False
        for called, names in found.items():
            before = self._open.setdefault(called, set())
            if names - before and self._has_files(called):
                _refer_to_nothing(self._root / called, names - before, set(), OPEN)
                new = True
            before |= names
        return new

    def _not_known(self, folder: str, call: Mapping[str, Any]) -> set[str]:
        """Return the arguments that are not known; of a written null the parser says the same."""
        meta = call[META]
        text = (self._root / folder / meta["filename"]).read_text("utf-8").split("\n")
        lines = text[meta["line_start"] - 1 : meta["line_end"]]
        nulls = {found[1] for line in lines if (found := _IS_NULL.match(line))}
        return {
            name
            for name, value in call.items()
            if name not in {META, *_META, *nulls}
            and (value is None or (isinstance(value, dict) and "__attribute__" in value))
        }

    def _sensitive(self, folder: str, blocks: Mapping[str, Any]) -> Iterator[_Block]:
        for kind in ("variable", "output"):
            for block in blocks.get(kind, ()):
                meta = block[META]
                if is_sensitive(block) and meta["label"] != HIDDEN:
                    name = posixpath.normpath(posixpath.join(folder, meta["filename"]))
                    file = self._root / name
                    yield _Block(kind, meta["label"], file, meta["line_start"], meta["line_end"])


def is_sensitive(block: Mapping[str, Any]) -> bool:
    """Whether a variable or an output is marked as sensitive, or may be.

    Terraform takes a text for a truth value; what is not known before apply is not known here.
    """
    marks = (block.get(mark, False) for mark in ("sensitive", "ephemeral"))
    return any(mark is not False and mark != "false" for mark in marks)


def _called(folder: str, blocks: Mapping[str, Any]) -> Iterator[str]:
    """Yield the local folders that the modules of a folder call, relative to the root."""
    for call in blocks.get("module", ()):
        source = str(call.get("source"))
        if source.startswith(LOCAL):
            file = posixpath.join(folder, call[META]["filename"])
            yield posixpath.normpath(posixpath.join(posixpath.dirname(file), source))


def _is_source(path: Path) -> bool:
    return path.name.endswith(_SUFFIXES)


def _take_out(file: Path, blocks: Sequence[_Block]) -> None:
    """Take blocks out of a file; the other lines stay where they are."""
    text = file.read_text("utf-8")
    if file.suffix == ".json":
        wanted: dict[tuple[str, ...], str] = {}
        for block in blocks:
            wanted[block.kind, block.name] = HIDDEN
            wanted[block.kind, block.name, "default"] = f"{HIDDEN}-default"
        text = renamed_members(text, wanted)
    else:
        lines = text.split("\n")
        for block in blocks:
            lines[block.first - 1 : block.last] = [""] * (block.last - block.first + 1)
        text = "\n".join(lines)
    file.write_text(text, "utf-8")


def _refer_to_nothing(
    folder: Path, variables: set[str], outputs: set[str], instead: str = HIDDEN
) -> None:
    """Let references to variables, and outputs, have no value; a reference that is missed fails."""
    names = "|".join(map(re.escape, variables))
    reference = re.compile(rf"(?<![\w.-])var\.(?:{names})(?![\w-])")
    for file in folder.iterdir():
        if variables and _is_source(file):
            text = file.read_text("utf-8")
            file.write_text(reference.sub(f"var.{instead}", text), "utf-8")
    with (folder / f"{instead}.tf").open("a", encoding="utf-8") as added:
        added.write(f'\nvariable "{instead}" {{}}\n')
        added.writelines(f'output "{name}" {{ value = var.{instead} }}\n' for name in outputs)
