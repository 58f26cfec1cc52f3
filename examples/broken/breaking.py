"""Makes broken descriptions out of sound ones: a fact is changed, a rule is expected to fail.

``faults/`` lists what is changed, each fault with the one rule that it breaks. Other examples have
their faults beside them, in ``faults.yaml``.

    python examples/broken/breaking.py variants FOLDER   one description for each fault
    python examples/broken/breaking.py broken            writes broken.icp.yaml anew
"""

from __future__ import annotations

import copy
import json
import shutil
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import pytest_icp

HERE = Path(__file__).parent
SOUND = HERE / "base" / "base.icp.yaml"
OTHERS = {
    next(path.parent.glob("*.icp.yaml")): path for path in sorted(HERE.parent.glob("*/faults.yaml"))
}
"""Sound descriptions of other licences, of which every line of business is tried."""
SOUND_ONES = (SOUND, *OTHERS)
BROKEN = HERE / "broken.icp.yaml"
FILES = ("evidence/", "pages/")
BROKEN_HEAD = """\
# yaml-language-server: $schema=../../schemas/description.schema.json
#
# A description with a fault for each provision. THE HOLDER DOES NOT EXIST (虚构): name, number,
# domain and every fact are invented. Made by breaking.py from base/ and faults/: do not edit.
# What is wrong is said above each group of facts.

"""


@dataclass(frozen=True)
class Fault:
    """One fault: the facts that change, by JSON pointer, and the rules that must then fail.

    ``of`` is the sound description. An element of a list is named by its ``id``; one that is not
    there yet is added. The value null takes the fact away.
    """

    rule: str
    """The id of a rule, or of a part of one (``RULE#PART``)."""
    changes: dict[str, Any]
    why: dict[str, str]
    also: tuple[str, ...]
    shown: bool
    of: Path = SOUND

    @property
    def expected(self) -> frozenset[str]:
        """The mandatory rules that fail, and no others."""
        return frozenset({self.rule, *self.also})


def faults() -> list[Fault]:
    """Return all faults, in the order of their files."""
    files = [(SOUND, path) for path in sorted((HERE / "faults").glob("*.yaml"))]
    rows = [(of, row) for of, path in (*files, *OTHERS.items()) for row in _rows(path)]
    return [
        Fault(
            of=of,
            rule=row["rule"],
            changes=row["set"],
            why=row["why"],
            also=tuple(row.get("also", ())),
            shown=row.get("shown", False),
        )
        for of, row in rows
    ]


def sound(of: Path = SOUND) -> dict[str, Any]:
    """Return a sound description as one document, its parts and its licence joined."""
    # As JSON, no two elements share a value that one of them is to lose.
    document: dict[str, Any] = json.loads(_sound_text(of))
    return document


@cache
def _sound_text(of: Path) -> str:
    facts = {"apiVersion": "pytest-icp/v1", **pytest_icp.load(of).facts}
    facts.pop("licence_file", None)
    return json.dumps(facts)


def copy_files(folder: Path, of: Path = SOUND) -> None:
    """Lay the documents and pages that a description names beside a copy of it."""
    for name in FILES:
        if (of.parent / name).exists():
            shutil.copytree(of.parent / name, folder / name)


def broken(facts: dict[str, Any], *some: Fault) -> dict[str, Any]:
    """Return the facts with faults in them."""
    # All of it is JSON, which is much quicker to write and read than to copy.
    document: dict[str, Any] = json.loads(json.dumps(facts))
    for fault in some:
        for pointer, value in fault.changes.items():
            _change(document, pointer.lstrip("/").split("/"), copy.deepcopy(value))
    return document


def broken_page() -> str:
    """Return the text of ``broken.icp.yaml``: what is wrong stands in a comment above its facts."""
    shown = [fault for fault in faults() if fault.shown and fault.of == SOUND]
    document = _seen_from_here(broken(sound(), *shown))
    parts = [BROKEN_HEAD]
    for key, value in document.items():
        wrong = [fault for fault in shown if any(_top(one) == key for one in fault.changes)]
        parts += [f"# {fault.rule}: {fault.why['zh']} · {fault.why['en']}\n" for fault in wrong]
        parts.append(
            yaml.safe_dump({key: value}, allow_unicode=True, sort_keys=False, width=100) + "\n"
        )
    return "".join(parts)


def write_variants(folder: Path) -> int:
    """Write one description for each fault, and its expected rules; return how many.

    Those of other licences are in a folder with the name of the example.
    """
    facts = {of: sound(of) for of in SOUND_ONES}
    for of in facts:
        below = folder / folder_of(of)
        below.mkdir(parents=True)
        copy_files(below, of)
    expected = {}
    for fault in faults():
        text = json.dumps(broken(facts[fault.of], fault), ensure_ascii=False, indent=1)
        (folder / file_name(fault)).write_text(text, encoding="utf-8")
        expected[file_name(fault)] = sorted(fault.expected)
    (folder / "expected.json").write_text(json.dumps(expected, indent=1), encoding="utf-8")
    return len(expected)


def file_name(fault: Fault) -> str:
    """Return the name of the description that a fault makes."""
    name = fault.rule.replace("/", "-").replace("#", "-")
    return (Path(folder_of(fault.of)) / f"{name}.icp.json").as_posix()


def folder_of(of: Path) -> str:
    """Return the folder of the descriptions that are made of a sound one."""
    return "" if of == SOUND else of.parent.name


def _seen_from_here(value: Any) -> Any:
    """Name the documents and pages where they are: in the folder of the sound description."""
    if isinstance(value, dict):
        return {key: _seen_from_here(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_seen_from_here(one) for one in value]
    if isinstance(value, str) and value.startswith(FILES):
        return f"{SOUND.parent.name}/{value}"
    return value


def _top(pointer: str) -> str:
    return pointer.split("/")[1]


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.load(
        path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return rows


def _change(at: Any, names: list[str], value: Any) -> None:
    name, rest = names[0], names[1:]
    key: Any = _index(at, name) if isinstance(at, list) else name
    if rest:
        _change(at[key], rest, value)
    elif isinstance(at, list) and key == len(at):
        at.append(value)
    elif value is None:
        del at[key]
    else:
        at[key] = value


def _index(elements: list[Any], name: str) -> int:
    for i, element in enumerate(elements):
        if isinstance(element, dict) and element.get("id") == name:
            return i
    return int(name) if name.isdecimal() else len(elements)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["broken"]:
            BROKEN.write_text(broken_page(), encoding="utf-8")
        case ["variants", folder]:
            print(f"{write_variants(Path(folder))} descriptions in {folder}")
        case _:
            sys.exit(__doc__)
