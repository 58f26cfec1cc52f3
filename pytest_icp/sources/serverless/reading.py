"""The documents of serverless files, in which the tags of CloudFormation are variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.sources.documents import Document, read_documents

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_icp.sources.documents import Read
    from pytest_icp.sources.request import Request

_TAG = re.compile(rb"(?<=[\s\[,])!(?=[A-Za-z])([\w:]*+)(?:([ \t]++)(['\"]|(?=[\w./*])))?")


def read(request: Request, path: Path) -> list[Read]:
    """Return the documents of a file.

    A value with a tag (``!Sub``, ``!Ref``) is known when it is deployed, like a variable.

    Raises `InputError` when the file cannot be read.
    """
    raw = request.read(None if path == request.path else path)
    plain = _TAG.sub(_untagged, raw)
    return list(read_documents(replace(request, path=path, given=plain), path))


def _untagged(tag: re.Match[bytes]) -> bytes:
    """Write a tag as the beginning of a text; that of a list or a block, as nothing."""
    if tag[3]:
        return b" " * (len(tag[0]) - 2) + tag[3] + b"$"
    return b"$" + tag[0][1:] if tag[2] else b" " * len(tag[0])


def documents_of(request: Request, path: Path) -> list[Document]:
    """Return the documents of a file that can be read."""
    return [one for one in read(request, path) if isinstance(one, Document)]
