"""What the files of ``.tf`` source declare, whether or not the parser can tell what becomes of it.

The parser leaves out a block whose ``for_each`` it does not know, and takes a ``count`` that it
does not know for one; of ``null`` it gives the same as of what it does not know.
"""

from __future__ import annotations

import re
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
_VALUE = re.compile(r"[ \t]*=(?!=)[ \t]*(?P<null>null(?![\w.(])[ \t]*(?=[\r\n}#/]|\Z))?")

_NULL = re.compile(r"\s*:\s*null\b")


class Declared(NamedTuple):
    """A block as it is declared: its kind, labels and line.

    ``repeated`` are the arguments that repeat it, by name, with their offsets; ``dynamic`` the
    names of blocks in it that are made from a value; ``nulls`` the arguments that are null.
    """

    kind: str
    labels: tuple[str, ...]
    line: int
    repeated: dict[str, int]
    dynamic: set[str]
    nulls: set[str]

    @property
    def address(self) -> str:
        """The address of a resource or of the call of a module in its module."""
        return ".".join(self.labels if self.kind == "resource" else (self.kind, *self.labels))


def declared(name: str, text: str) -> list[Declared]:
    """Return the blocks that a file declares at its top."""
    return [*(_in_json(text) if name.endswith(".json") else _in_hcl(text))]


def _in_hcl(text: str) -> Iterator[Declared]:
    depth = line = at = 0
    before: list[str] = []
    block = _block(("",), 0)
    for token in _tokens(text):
        brace = token["brace"]
        if brace == "{":
            if not depth and before:
                line, at = line + text.count("\n", at, token.start()), token.start()
                block = _block(before, line + 1)
                yield block
            depth, before = depth + 1, []
        elif brace == "}":
            depth, before = max(0, depth - 1), []
        elif token["word"] and depth == 1 and (value := _VALUE.match(text, token.end())):
            before = []
            if token["word"] in INSTEAD:
                block.repeated[token["word"]] = token.start()
            if value["null"]:
                block.nulls.add(token["word"])
        elif token["word"] or token["text"] is not None:
            word = token["word"] or token["text"]
            if depth == 1 and before == ["dynamic"]:
                block.dynamic.add(word)
            before = [*before, word] if not depth else [word]


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
    return Declared(names[0], tuple(names[1:]), line, {}, set(), set())


def asked(text: str, blocks: Iterable[Declared]) -> str:
    """Return the text of a file in which some blocks are not repeated; see `INSTEAD`."""
    spans = sorted((start, name) for block in blocks for name, start in block.repeated.items())
    parts, done = [], 0
    for start, name in spans:
        parts += [text[done:start], INSTEAD[name]]
        done = start + len(name)
    return "".join(parts) + text[done:]
