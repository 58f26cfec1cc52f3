"""The lines of a file that are not those of an earlier state of it (改动的行)."""

from __future__ import annotations

from collections import Counter
from itertools import takewhile


def touched(before: bytes, after: bytes) -> frozenset[int]:
    """Return the lines that a change may have written, counted from one.

    The lines at the beginning and at the end that both files share are left out; of the others,
    those count that occur more often than before, so a line that only moved does not. The time
    grows with the size of the files, whatever is in them.
    """
    old, new = before.splitlines(), after.splitlines()
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    left = Counter(old[head : len(old) - tail])
    between = new[head : len(new) - tail]
    more = Counter(between) - left
    return frozenset(n for n, line in enumerate(between, head + 1) if line in more)


def _alike(one: list[bytes], other: list[bytes]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
