"""Evidence: files that facts name, read before anything is decided, and requested papers."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator, Sequence
from mimetypes import MimeTypes
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NONE
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import NoSuchFile, decode, read_bytes
from pytest_icp.facts.files.properties import members
from pytest_icp.facts.pages import LARGEST_PART, completed
from pytest_icp.facts.plans import FILE, marked, marked_values
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import JsonObject, list_of
from pytest_icp.law.text import Text, suggested


class Evidence(Confidential, Struct, frozen=True, kw_only=True):
    """One file named by a description (证据材料).

    ``path`` is as written there; ``sha256`` the lower-case hex digest of its bytes, None when
    the file is missing; ``text`` its content if it is a page. ``unread`` is a file of a
    description that has no files beside it: whether it exists is not known.
    """

    path: str
    sha256: str | None
    text: str | None = None
    unread: bool = False

    @property
    def exists(self) -> bool:
        """Whether the file exists."""
        return self.sha256 is not None


_UNREAD = Text(zh="“{path}”：{why}", en="{path}: {why}")

_KINDS = MimeTypes()
_FORMATS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"PK\x03\x04")
_TEXTS = frozenset(
    {"application/json", "application/xhtml+xml", "application/xml", "message/rfc822"}
)
_FIRST = 4096
"""So many bytes are looked at for one that no text has."""

LARGEST = 256 * 1024 * 1024
"""The largest document, in bytes, that is read for its hash."""


def named_files(facts: JsonObject, schema: str) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield where each file is named, its path as written, and its kind (``page`` …)."""
    for at, path, what in marked_values(facts, marked(schema, FILE)):
        if isinstance(path, str) and path != NONE:
            yield at, path, what


def read_evidence(path: str, what: str, *, folder: Path, root: Path) -> Evidence:
    """Read one file; a missing one is evidence without content, not an error.

    Raises `InputError` for a path that leaves ``root``, is not a file, or is too large.
    """
    try:
        content = read_bytes(folder / path, root=root, limit=LARGEST)
    except NoSuchFile:
        return Evidence(path=path, sha256=None)
    except InputError as error:
        # Its place is the fact that names the file.
        raise InputError(_UNREAD.format(path=path, why=error.message)) from error
    found = evidence_of(path, content, what)
    if found.text is None:
        return found

    def part(file: Path) -> bytes:
        return read_bytes(file, root=root, limit=LARGEST_PART)

    return replace(found, text=completed(folder / path, found.text, part))


def evidence_of(path: str, content: bytes, what: str) -> Evidence:
    """Return the evidence of a file's content; only a ``page`` is read as text.

    A picture, a film or a PDF is not: what no program reads there, a person declares.
    """
    digest = hashlib.sha256(content).hexdigest()
    readable = what == "page" and _is_text(path, content)
    return Evidence(path=path, sha256=digest, text=decode(content) if readable else None)


def _is_text(path: str, content: bytes) -> bool:
    """Whether a file is text, as far as its name and its first bytes tell."""
    kind, _ = _KINDS.guess_type(path)
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if content.startswith(_FORMATS) or (not wide and b"\0" in content[:_FIRST]):
        return False
    return kind is None or kind.startswith("text/") or kind in _TEXTS


PAPERS = "papers"
"""What a company chooses, and not a fact: who names no paper asks for none."""

_NO_PAPER = Text(zh="没有名为 {paper!r} 的证明材料", en="there is no paper {paper!r}")
_KNOWN = Text(zh="可用的：{known}", en="papers: {known}")


def papers() -> tuple[str, ...]:
    """Return the names of the papers, and ``all``, which stands for every one."""
    return tuple(map(str, members("description", PAPERS).words))


def with_papers(facts: JsonObject, named: Sequence[str] = ()) -> JsonObject:
    """Return the facts of a description that asks for more papers.

    One that says nothing of papers asks for none. Raises `InputError` for one that nobody knows,
    with the nearest name.
    """
    for paper in named:
        if paper not in (known := papers()):
            said = _NO_PAPER.format(paper=paper)
            hint = suggested(paper, known, _KNOWN.format(known=", ".join(known)))
            raise InputError(said, hint=hint)
    return {**facts, PAPERS: [*dict.fromkeys((*named, *list_of(facts.get(PAPERS))))]}
