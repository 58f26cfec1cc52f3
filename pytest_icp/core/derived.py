"""Facts that were derived from other files, each with where it comes from and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from pytest_icp.core.errors import Place
from pytest_icp.core.jsontypes import JsonObject
from pytest_icp.core.text import Text
from pytest_icp.core.values import frozen


class Status(StrEnum):
    """How sure a derived fact is (状态). Only `KNOWN` and `REFERENCED` carry a value.

    The others are null in the facts, so whatever reads them is unknown.
    """

    KNOWN = "known"
    """The source says it."""
    REFERENCED = "referenced"
    """The source refers to another of its elements, which says it."""
    DEFAULT = "default"
    """Not set: what the cloud does by default applies, and nothing here enforces it."""
    AFTER_APPLY = "known after apply"
    """It comes to be when the plan is applied, or when a template is rendered."""


@frozen(kw_only=True)
class Provenance:
    """Where one derived fact comes from (来源).

    ``address`` names the element of the source as its own tools do
    (``module.web.alicloud_eip_address.a``, ``Ingress/shop/web``); ``attribute`` is the dotted
    path inside that element that was read, empty when the element itself is the fact.
    """

    place: Place
    status: Status = Status.KNOWN
    address: str = ""
    attribute: str = ""


Trace: TypeAlias = Callable[[str], Provenance]
"""Tells the provenance of a fact by its JSON Pointer in the facts of its source.

It is asked for what is shown only, so places may be found then.
"""


@frozen(kw_only=True)
class Gap:
    """Something that a source could not tell (缺口): a template, an incomplete plan.

    ``kinds`` are the top-level facts (``servers``, ``sites``) of which elements may be missing
    for it: no rule that reads them is satisfied or not applicable.
    """

    message: Text
    place: Place
    kinds: frozenset[str]


@frozen(kw_only=True)
class Derived:
    """A part of a description that one source gave (导出的事实).

    ``facts`` is valid under the description's schema; elements with equal ids in equal lists
    are one element, whichever source they come from. ``unmapped`` counts by type the elements
    that look relevant but are not understood; ``remarks`` are said once and decide nothing.
    """

    facts: JsonObject
    trace: Trace = field(repr=False)
    gaps: tuple[Gap, ...] = ()
    unmapped: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    remarks: tuple[Text, ...] = ()
