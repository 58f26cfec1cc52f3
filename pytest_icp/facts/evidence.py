"""Files that serve as evidence, already read: pages and attested documents."""

from __future__ import annotations

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential


class Evidence(Confidential, Struct, frozen=True, kw_only=True):
    """One file named by a description (证据材料).

    ``path`` is as written there; ``sha256`` the lower-case hex digest of its bytes, None when
    the file is missing; ``text`` its content if it is a page. ``unread`` is a file of a
    description that has no files beside it: whether it exists is not known.
    """

    _shown = ("path", "sha256")

    path: str
    sha256: str | None
    text: str | None = None
    unread: bool = False

    @property
    def exists(self) -> bool:
        """Whether the file exists."""
        return self.sha256 is not None
