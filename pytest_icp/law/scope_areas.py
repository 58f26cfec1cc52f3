"""Whether what a scope text limits holds for all of its areas (业务覆盖范围中的地域)."""

from __future__ import annotations

from msgspec import Struct

_WHOLE = "全国"


class Areas(Struct):
    """The areas of a clause while it is read.

    ``several`` are those named since the last item, ``limited`` is whether an item was limited
    behind areas, ``own`` whether it was in brackets behind one: 北京（不含网站接入）.
    """

    several: tuple[str, ...] = ()
    limited: bool = False
    own: bool = False

    def name(self, area: str, *, among: bool) -> bool:
        """Take an area, ``among`` others if 其中 precedes it. False if a limit is of others."""
        self.several += (area,)
        self.limited |= among
        return not self.own

    def limit(self, *, bracket: bool) -> bool:
        """Take an item with a sign, in brackets behind an area or not.

        False if one was limited already for other areas, or if it is in brackets behind the last
        of several areas, and may be of that one alone.
        """
        of_last = bracket and _WHOLE not in self.several
        clear = not (self.several and self.limited) and not (of_last and len(self.several) > 1)
        self.limited |= bool(self.several)
        self.own |= of_last
        self.several = ()
        return clear
