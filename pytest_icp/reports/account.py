"""The account of one obligation: its verdict, the values it read and the calculation."""

from __future__ import annotations

from msgspec import Struct

from pytest_icp.kinds.finding import Finding
from pytest_icp.kinds.result import Result
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text


class Value(Struct, frozen=True, kw_only=True):
    """One fact as of the instant, and where it is written; None is not known.

    ``path`` is dotted, from the root; ``written`` what the description says, which differs
    where an event lies after the instant.
    """

    path: str
    value: Json
    written: Json
    location: Location


class SubjectAccount(Struct, frozen=True, kw_only=True):
    """What was found of one subject.

    ``applies`` tells whether the rule applies to it, None where that is not known.
    """

    label: str
    location: Location
    applies: bool | None
    values: tuple[Value, ...]
    steps: tuple[Text, ...]
    findings: tuple[Finding, ...]


class Account(Struct, frozen=True, kw_only=True):
    """The verdict on a rule, or a ``part`` of it, and what it rests on.

    ``shared`` are the facts shared by all subjects;
    ``binds`` tells whether the provision applies to the licence's lines of business;
    ``each`` is the dotted path of the subjects. ``more`` subjects and ``more_values`` of the
    shared facts are left out.
    """

    result: Result
    part: str
    binds: bool
    each: str
    shared: tuple[Value, ...]
    more_values: int
    subjects: tuple[SubjectAccount, ...]
    more: int
