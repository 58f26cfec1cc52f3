"""``pytest-icp explain``: one rule or provision in full, and its result in a description."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from pytest_icp.cli.account import account
from pytest_icp.engine import Scene, decide
from pytest_icp.facts.files.properties import property_at
from pytest_icp.facts.titles import title_of
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.errors import InputError
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date
from pytest_icp.reports.explain import Explanation, provision_text, rule_text
from pytest_icp.reports.trace import Account
from pytest_icp.reports.words import Language
from pytest_icp.rules.policy import Obligation, Policy, facts_needed, facts_read
from pytest_icp.rules.selection import Selection

_NO_RULE = Text(zh="没有规则“{rule}”", en="there is no rule {rule!r}")
_THESE = Text(zh="{provision} 的规则有：{rules}", en="the rules of {provision} are: {rules}")
_PROVISIONS = Text(
    zh="请写规则，如 SP12/renewal，或者规定：{provisions}",
    en="name a rule, such as SP12/renewal, or a provision: {provisions}",
)


class ExplainOptions(Struct, frozen=True, kw_only=True):
    """What to explain; ``scene`` is the description to explain it in, if any.

    ``selection`` tells which rules are selected of that.
    """

    rule: str
    as_of: datetime
    policies: Sequence[Policy]
    scene: Scene | None = None
    selection: Selection | None = None


def run_explain(options: ExplainOptions, language: Language, columns: int) -> str:
    """Explain a rule (``SP12/renewal``) or a provision (``SP12``).

    Raises `InputError` if there is none of that name.
    """
    policy, obligation = find_rule(options.rule, options.policies)
    scene = options.scene
    if obligation is None:
        return provision_text(policy, _title, language, columns, _verdicts(policy, scene))
    explanation = Explanation(
        policy=policy,
        obligation=obligation,
        day=civil_date(options.as_of),
        facts=tuple((path, title_of(path)) for path in facts_read(obligation)),
        title=_title,
        gating=tuple((path, title_of(path)) for path in _gating(policy, obligation)),
        accounts=_accounts(scene, policy, obligation) if scene else (),
        result=decide(scene, policy, obligation) if scene and obligation.parts else None,
        selected=options.selection.why(policy, obligation) if options.selection else None,
    )
    return rule_text(explanation, language, columns)


def _accounts(scene: Scene, policy: Policy, obligation: Obligation) -> tuple[Account, ...]:
    return tuple(account(scene, policy, part) for part in obligation.each_part)


def find_rule(name: str, policies: Sequence[Policy]) -> tuple[Policy, Obligation | None]:
    """Return the provision of a name, and the obligation where it is that of a rule or a part.

    Raises `InputError` with a suggestion if there is none.
    """
    for policy in policies:
        if policy.id == name:
            return policy, None
        for obligation in policy.obligations:
            if name == obligation.rule_id:
                return policy, obligation
            for part in obligation.parts:
                if name == part.own_id:
                    return policy, part
    raise InputError(_NO_RULE.format(rule=name), hint=_near(name, policies))


def _near(name: str, policies: Sequence[Policy]) -> Text:
    """Suggest a rule or provision: within the provision if that part of the name is right."""
    provision, slash, _ = name.partition("/")
    every = [o for policy in policies for o in policy.obligations]
    rules = [rule for o in every for rule in (o.rule_id, *(part.own_id for part in o.parts))]
    own = [rule for rule in rules if rule.startswith(f"{provision.upper()}/")] if slash else []
    known = own or [*rules, *(policy.id for policy in policies)]
    near = nearest(name.casefold(), [one.casefold() for one in known])
    if near:
        return did_you_mean(next(one for one in known if one.casefold() == near))
    if own:
        return _THESE.format(provision=provision.upper(), rules=", ".join(own))
    return _PROVISIONS.format(provisions=", ".join(policy.id for policy in policies))


def _verdicts(policy: Policy, scene: Scene | None) -> dict[str, Verdict]:
    if scene is None:
        return {}
    return {o.rule_id: decide(scene, policy, o).verdict for o in policy.obligations}


def _gating(policy: Policy, obligation: Obligation) -> tuple[str, ...]:
    """Return the facts that decide whether the rule applies, without those that it reads."""
    read = facts_read(obligation)
    return tuple(fact for fact in facts_needed(policy, obligation) if fact not in read)


def _title(path: str) -> Text:
    found = property_at(SCHEMA, path)
    return found.title if found else plain(path)
