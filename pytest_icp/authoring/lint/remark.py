"""A remark (提醒): a probable mistake in a policy or a waiver that can still be used."""

from __future__ import annotations

from msgspec import Struct

from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain

_NOTHING = plain("")


class Remark(Struct, frozen=True, kw_only=True):
    """A probable mistake; ``code`` is its kind in kebab case.

    ``about`` is the rule, policy or number that it is about; ``hint`` says what to do.
    """

    code: str
    about: str
    place: Place
    message: Text
    hint: Text = _NOTHING
