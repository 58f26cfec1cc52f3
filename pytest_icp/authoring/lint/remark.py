"""What is odd about a policy or a waiver, though it can be used (提醒)."""

from __future__ import annotations

from msgspec import Struct

from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain

_NOTHING = plain("")


class Remark(Struct, frozen=True, kw_only=True):
    """One thing that is probably a mistake; ``code`` names the sort of it in kebab case.

    ``about`` is the rule, policy or number that it is about; ``hint`` says what to do.
    """

    code: str
    about: str
    place: Place
    message: Text
    hint: Text = _NOTHING
