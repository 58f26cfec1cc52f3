"""``pytest-icp explain``: one rule or provision in full, and its result in a description."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from pytest_icp.cli.output import Output, with_code_beside
from pytest_icp.cli.project import Project, in_project
from pytest_icp.engine import Scene
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, did_you_mean, nearest
from pytest_icp.law.times import civil_date
from pytest_icp.reports import blocks as b
from pytest_icp.reports.explain import provision_blocks, rule_blocks
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.selection import Selection

_NO_RULE = Text(zh="没有规则“{rule}”", en="there is no rule {rule!r}")
_THESE = Text(zh="{provision} 的规则有：{rules}", en="the rules of {provision} are: {rules}")
_PROVISIONS = Text(
    zh="请写规则，如 SP12/renewal，或者规定：{provisions}",
    en="name a rule, such as SP12/renewal, or a provision: {provisions}",
)


def run(arguments: Namespace) -> Output:
    """Explain a rule or a provision, in a description if there is one."""
    named: Path | None = arguments.named

    def explain(project: Project) -> Output:
        path, scene, errors = None, None, []
        if named:
            path = project.description(f"pytest-icp explain {arguments.rule} {{file}}", named)
            scene = project.scene(path)
        elif len(here := project.here()) == 1:
            # A rule can be explained without the description, which nobody named.
            try:
                scene = project.scene(here[0])
                path = here[0]
            except InputError as error:
                errors.append(error)
        policies, day = project.session.policies, civil_date(project.options.as_of)
        selection = project.selection(path) if path else None
        blocks = explained(arguments.rule, policies, day, scene, selection)
        return Output(text=project.screen.text(blocks), errors=errors)

    return in_project(arguments, explain, [named] if named else with_code_beside(Path()))


def explained(
    rule: str,
    policies: Sequence[Policy],
    day: date,
    scene: Scene | None = None,
    selection: Selection | None = None,
) -> Iterator[b.Block]:
    """Return a rule (``SP12/renewal``) or a provision (``SP12``), in a description if any.

    ``selection`` tells which rules are selected of that. Raises `InputError` if there is none of
    that name.
    """
    policy, obligation = find_rule(rule, policies)
    if obligation is None:
        return provision_blocks(policy, scene)
    selected = selection.why(policy, obligation) if selection else None
    return rule_blocks(policy, obligation, day, scene, selected)


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
