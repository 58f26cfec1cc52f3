"""A situation: a description, the day it is judged as of, and the files beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.authoring.strategies.documents import Document


class Situation(Struct, frozen=True, kw_only=True):
    """A description and what it is judged with (情形), as a case writes it.

    ``document`` is the whole description, valid under the schema, with the licence inline;
    ``as_of`` the day or instant it is judged as of; ``files`` the evidence beside it, name and
    content; ``settings`` those that are not the default.
    """

    document: Document
    as_of: str
    files: tuple[tuple[str, bytes], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def having(self, document: Document) -> Self:
        """Return the same situation with other facts."""
        return replace(self, document=document)
