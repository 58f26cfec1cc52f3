"""What one line of business of a licence permits (许可的服务项目): the result of `parse_scope`.

A module of its own, apart from the vocabulary: Hypothesis registers this type whenever it is
imported, also in runs that check no description.
"""

from __future__ import annotations

from msgspec import Struct


class Scope(Struct, frozen=True, kw_only=True):
    """What one line of business permits (许可的服务项目).

    ``permitted`` and ``excluded`` are codes of the catalogue: what may be operated, and what
    the text excludes by name (仅限 excludes nothing by name). ``preapprovals_included`` and
    ``preapprovals_excluded`` are the printed Chinese names of pre-approved content (前置审批)
    after 含 and 不含. ``areas`` are short names of provinces and cities, empty where none are
    printed. ``remarks`` are printed limits inside an item that have no code of their own.
    """

    permitted: frozenset[str]
    excluded: frozenset[str] = frozenset()
    preapprovals_included: frozenset[str] = frozenset()
    preapprovals_excluded: frozenset[str] = frozenset()
    areas: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
