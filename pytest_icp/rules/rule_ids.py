"""Ids of rules as people write them: which can be none that there is, and what was meant."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

from msgspec import Struct

from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text

_FORM = re.compile("[A-Z][A-Z0-9]*(-[0-9]{2})?/[a-z0-9]+(-[a-z0-9]+)*")

_NO_RULE = Text(zh="没有规则 {rule!r}", en="there is no rule {rule!r}")


def is_rule_id(written: object) -> bool:
    """Whether something has the form of a rule's id, such as ``OWN/log-fields``."""
    return isinstance(written, str) and _FORM.fullmatch(written) is not None


def no_such_rule(rule: str, rules: Collection[str], place: Place | None = None) -> InputError:
    """Return what to say of an id that is none of the rules, and which of them is near."""
    near = nearest(rule, sorted(rules))
    hint = did_you_mean(near) if near else ""
    return InputError(_NO_RULE.format(rule=rule), place=place, hint=hint)


class RuleIds(Struct, frozen=True):
    """The ids of all rules of policies, and the provisions whose rules these are all.

    Python tests have rules too, which only those know who collect every one. They may stand
    beside the rules of a provision of somebody's own, but not of one of the licence.
    """

    every: frozenset[str]
    whole: frozenset[str]

    def misspelt(self, rule: str) -> bool:
        """Whether an id can be nothing but one of these rules, written wrongly."""
        if rule in self.every:
            return False
        provision, _, own = rule.partition("/")
        near = get_close_matches(provision, sorted(self.whole), n=len(self.whole) or 1)
        return provision in self.whole or any(f"{one}/{own}" in self.every for one in near)
