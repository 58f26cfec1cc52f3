"""Selects the policies that a command works on: by id, rule or file, or all of the user's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.files.disk import is_there
from pytest_icp.facts.files.resources import resource
from pytest_icp.law.errors import InputError
from pytest_icp.law.suggestions import suggested
from pytest_icp.law.text import Text
from pytest_icp.rules.policies import WrittenPolicy
from pytest_icp.rules.policy import Obligation
from pytest_icp.rules.selection import levels

_UNKNOWN = Text(
    zh="没有名为“{name}”的规定、规则或文件", en="no policy, rule or file is called {name!r}"
)
_HOW = Text(
    zh="写规定（SP12）、规则（SP12/renewal）或规定文件；自定义规定用 --policies 指明文件夹",
    en="name a policy (SP12), a rule (SP12/renewal) or a file; "
    "--policies adds a folder of your own",
)


class PolicySelection(Struct, frozen=True, kw_only=True):
    """A selected policy (选中的规定); ``rules`` are the ids of the selected ones, None for all."""

    written: WrittenPolicy
    rules: frozenset[str] | None = None

    def obligations(self) -> Iterator[Obligation]:
        """Yield the selected obligations."""
        for obligation in self.written.policy.obligations:
            if self.rules is None or obligation.rule_id in self.rules:
                yield obligation


def shipped(written: WrittenPolicy) -> bool:
    """Whether a policy is one that the package ships."""
    return written.file.folder == resource("policies")


def select_policies(names: Sequence[str], every: Sequence[WrittenPolicy]) -> list[PolicySelection]:
    """Return the named policies; without names the user's own, all shipped ones if there are none.

    Raises `InputError` for a name that matches nothing.
    """
    if not names:
        own = [written for written in every if not shipped(written)]
        return [PolicySelection(written=written) for written in own or every]
    rules: dict[str, frozenset[str] | None] = {}
    for name in names:
        matches = [*_matches(name, every)]
        if not matches:
            raise _no_match(name, every)
        for provision, rule in matches:
            known = rules.get(provision, frozenset())
            rules[provision] = None if rule is None or known is None else known | {rule}
    return [
        PolicySelection(written=written, rules=rules[written.policy.id])
        for written in every
        if written.policy.id in rules
    ]


def _matches(name: str, every: Sequence[WrittenPolicy]) -> Iterator[tuple[str, str | None]]:
    """Yield the ids of the policies that a name matches, each with the rule id if it is one."""
    path = Path(name)
    for written in every:
        here = written.file.path.absolute()
        inside = is_there(path) and here.is_relative_to(path.absolute())
        if written.policy.id == name or inside:
            yield written.policy.id, None
        for obligation in written.policy.obligations:
            parts = (part.own_id for part in obligation.parts)
            if name in (obligation.rule_id, *parts):
                yield written.policy.id, obligation.rule_id


def _no_match(name: str, every: Sequence[WrittenPolicy]) -> InputError:
    policies = [written.policy for written in every]
    known = [*(policy.id for policy in policies), *levels(policies)]
    return InputError(_UNKNOWN.format(name=name), hint=suggested(name, known, _HOW))
