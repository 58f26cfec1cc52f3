"""What the files of ``.tf`` source declare, whether or not the parser can tell what becomes of it.

The parser leaves out a block whose ``for_each`` it does not know, and takes a ``count`` that it
does not know for one; of ``null`` it gives the same as of what it does not know.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pytest_icp.sources.terraform.source_words import members

INSTEAD = {"for_each": "icp_each", "count": "icp_n"}
"""What the arguments that repeat a block are called where only their values are asked for."""

_TOKEN = re.compile(
    r"""(?:\#|//)[^\n]*|/\*.*?(?:\*/|\Z)
    |<<-?[ \t]*+(?P<tag>\w++)[^\n]*+
    |"(?P<text>(?:[^"\\]|\\.)*+)"?
    |(?P<word>[A-Za-z_][\w-]*)
    |(?P<brace>[{}])""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_BETWEEN = r"(?:[ \t]++|/\*(?:[^*]|\*(?!/))*+\*/)*+"
_VALUE = re.compile(
    rf"{_BETWEEN}=(?![=>]){_BETWEEN}(?P<null>null(?![\w.(])[ \t]*(?=[\r\n}}#/]|\Z))?"
)
_REST = re.compile(r"[^\n}#/]*")
_LABELS = 3
"""How many words before the last one the head of a block has at most: a type and two labels."""
_DEEPEST = 8
"""Blocks nested deeper are not looked at."""

_NULL = re.compile(r"\s*:\s*null\b")


class Declared(NamedTuple):
    """A block as it is declared: its kind, labels and line.

    ``repeated`` are the arguments that repeat it, by name, with their offsets; ``dynamic`` the
    paths of blocks in it that are made from a value, and ``fixed`` those of all others, as often
    as they are there; ``nulls`` the arguments that are null. ``enabled`` are the values of the
    argument of that name in ``lifecycle``, by which OpenTofu has a block or not.
    """

    kind: str
    labels: tuple[str, ...]
    line: int
    repeated: dict[str, int]
    dynamic: set[tuple[str, ...]]
    fixed: Counter[tuple[str, ...]]
    nulls: set[str]
    enabled: list[str]

    @property
    def address(self) -> str:
        """The address of a resource or of the call of a module in its module."""
        return ".".join(self.labels if self.kind == "resource" else (self.kind, *self.labels))


def declared(name: str, text: str) -> list[Declared]:
    """Return the blocks that a file declares at its top."""
    return [*(_in_json(text) if name.endswith(".json") else _in_hcl(text))]


def _in_hcl(text: str) -> Iterator[Declared]:
    line = at = 0
    before: list[str] = []
    inside: list[str] = []
    block = _block(("",), 0)
    for token in _tokens(text):
        brace, word = token["brace"], token["word"] or token["text"]
        if brace == "{":
            if not inside and before:
                line, at = line + text.count("\n", at, token.start()), token.start()
                block = _block(before, line + 1)
                yield block
            elif before and len(inside) <= _DEEPEST:
                _note(block, inside, before)
            inside.append(before[-1] if before else "")
            before = []
        elif brace == "}":
            del inside[-1:]
            before = []
        elif token["word"] and inside and (value := _VALUE.match(text, token.end())):
            before = []
            if len(inside) == 1:
                _set(block, token, null=value["null"] is not None)
            elif token["word"] == "enabled" and inside[1:3] == ["lifecycle"]:
                block.enabled.append(_REST.findall(text, value.end(), value.end() + 80)[0].strip())
        elif word is not None:
            before = [*before[-_LABELS:], word]


def _note(block: Declared, inside: list[str], before: list[str]) -> None:
    """Note a block in a block; what is in a dynamic one counts as in one of its name."""
    path = (*(name for name in inside[1:] if name != "content"), before[-1])
    if before[-2:-1] == ["dynamic"]:
        block.dynamic.add(path)
    elif before[-1] != "content":
        block.fixed[path] += 1


def _set(block: Declared, token: re.Match[str], *, null: bool) -> None:
    if token["word"] in INSTEAD:
        block.repeated[token["word"]] = token.start()
    if null:
        block.nulls.add(token["word"])


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """Yield words, texts and braces; what stands in comments and heredocs is none."""
    at = 0
    while token := _TOKEN.search(text, at):
        at = token.end()
        if token["tag"]:
            closed = re.compile(rf"^[ \t]*{token['tag']}[ \t]*$", re.MULTILINE)
            ended = closed.search(text, at)
            # One that is not closed takes the rest; to begin anew would take the square of time.
            at = ended.end() if ended else len(text)
        yield token


def _in_json(text: str) -> Iterator[Declared]:
    depth = {"resource": 3, "module": 2}
    block = _block(("",), 0)
    for path, start, end in members(text):
        length = depth.get(path[0], 1)
        if len(path) == length:
            block = _block(path, text.count("\n", 0, start) + 1)
            yield block
        elif len(path) == length + 1:
            if path[-1] in INSTEAD:
                block.repeated[path[-1]] = start + 1
            if _NULL.match(text, end):
                block.nulls.add(path[-1])


def _block(names: Sequence[str], line: int) -> Declared:
    return Declared(names[0], tuple(names[1:]), line, {}, set(), Counter(), set(), [])


def asked(text: str, blocks: Iterable[Declared]) -> str:
    """Return the text of a file in which some blocks are not repeated; see `INSTEAD`."""
    spans = sorted((start, name) for block in blocks for name, start in block.repeated.items())
    parts, done = [], 0
    for start, name in spans:
        parts += [text[done:start], INSTEAD[name]]
        done = start + len(name)
    return "".join(parts) + text[done:]
