"""Whether what a scope text limits holds for all of its areas (业务覆盖范围中的地域)."""

from __future__ import annotations

from msgspec import Struct

_WHOLE = "全国"


class Areas(Struct):
    """The areas of a clause while it is read.

    ``several`` are those named since the last item, ``limited`` is whether an item was limited
    behind areas, ``own`` whether it was in brackets behind them: 北京、天津（不含网站接入）.
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
        """Take an item with a sign, in brackets behind areas or not.

        Brackets are of all areas before them, if no other follows. False if an item was limited
        already for other areas.
        """
        clear = not (self.several and self.limited)
        self.limited |= bool(self.several)
        self.own |= bracket and _WHOLE not in self.several
        self.several = ()
        return clear
