"""Elements of lists that perhaps are not there (不知道是否已有): nobody says since when they are.

Such an element neither passes a test of its list for certain, nor fails it.
"""

from __future__ import annotations

from pytest_icp.law.jsontypes import Json

PERHAPS = "?"
"""The mark of such an element, which is no fact of it: the fact that would tell.

That is one of its own, or one of the whole document after a slash.
"""


def open_at(value: Json, at: tuple[str | int, ...] = ()) -> tuple[str | int, ...] | None:
    """Return the place of the fact that would tell whether an element at a place is there.

    None if it certainly is.
    """
    name = value.get(PERHAPS) if value.__class__ is dict else None
    if name is None:
        return None
    return (name[1:],) if name.startswith("/") else (*at, name)
