"""``pytest-icp explain``: one rule or provision in full, and its result in a description."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.cli.arguments import columns
from pytest_icp.cli.output import Output, with_code_beside
from pytest_icp.cli.project import Project, in_project
from pytest_icp.engine import Scene, binding, decide, location_of
from pytest_icp.facts.fields import title_of
from pytest_icp.facts.files.properties import property_at
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds.finding import Finding, Outcome, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.selection import Candidate
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, pointer
from pytest_icp.law.text import Text, did_you_mean, nearest, plain
from pytest_icp.law.times import civil_date
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.explain import (
    Account,
    Explanation,
    SubjectAccount,
    Value,
    provision_blocks,
    rule_blocks,
)
from pytest_icp.rules.policy import Obligation, Policy, facts_needed, facts_read
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

    def explained(project: Project) -> Output:
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
        text = run_explain(
            arguments.rule,
            project.session.policies,
            civil_date(project.options.as_of),
            Screen(project.options.language, columns()),
            scene=scene,
            selection=project.selection(path) if path else None,
        )
        return Output(text=text, errors=errors)

    return in_project(arguments, explained, [named] if named else with_code_beside(Path()))


def run_explain(
    rule: str,
    policies: Sequence[Policy],
    day: date,
    screen: Screen,
    *,
    scene: Scene | None = None,
    selection: Selection | None = None,
) -> str:
    """Explain a rule (``SP12/renewal``) or a provision (``SP12``), in a description if any.

    ``selection`` tells which rules are selected of that. Raises `InputError` if there is none of
    that name.
    """
    policy, obligation = find_rule(rule, policies)
    if obligation is None:
        return screen.text(provision_blocks(policy, _title, _verdicts(policy, scene)))
    explanation = Explanation(
        policy=policy,
        obligation=obligation,
        day=day,
        facts=tuple((path, title_of(path)) for path in facts_read(obligation)),
        title=_title,
        gating=tuple((path, title_of(path)) for path in _gating(policy, obligation)),
        accounts=tuple(account(scene, policy, one) for one in obligation.each_part if scene),
        result=decide(scene, policy, obligation) if scene and obligation.parts else None,
        selected=selection.why(policy, obligation) if selection else None,
    )
    return screen.text(rule_blocks(explanation))


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


# ---- The values, places and calculation behind a verdict


MOST = 10
"""The most subjects, and values of one fact, that are listed; the rest is counted."""


def account(scene: Scene, policy: Policy, obligation: Obligation) -> Account:
    """Decide an obligation and account for the verdict; subjects with findings come first."""
    result = decide(scene, policy, obligation)
    # The calculation is shown even if the provision does not apply.
    explained = replace(scene.context, explains=True)
    outcome = scene.kinds[obligation.kind].check(obligation, explained)
    each = obligation.each.strip("/").replace("/", ".")
    facts = facts_read(obligation)
    inside = tuple(fact for fact in facts if fact.startswith(f"{each}."))
    builder = _AccountBuilder(scene, obligation, result, outcome, each, inside)
    subjects, root = builder.subjects(), Subject((), scene.context.view.facts)
    shared = [list(builder.values(fact, fact, root)) for fact in facts if fact not in inside]
    return Account(
        result=result,
        part=obligation.part,
        binds=bool(binding([policy], scene.description)),
        each=each,
        shared=tuple(value for values in shared for value in values[:MOST]),
        more_values=sum(len(values[MOST:]) for values in shared),
        subjects=tuple(builder.subject(subject) for subject in subjects[:MOST]),
        more=len(subjects[MOST:]),
    )


class _AccountBuilder(Struct, frozen=True, dict=True):
    """Looks the facts of one obligation up in a scene."""

    scene: Scene
    obligation: Obligation
    result: Result
    outcome: Outcome
    each: str
    inside: tuple[str, ...]

    def subjects(self) -> Sequence[Subject]:
        """Return the subjects: those with findings first, those that do not match last."""
        collected = self.scene.context.subjects(self.obligation.each).subjects
        by_rule = self.obligation.written.fields.mark("x-icp-by-rule")
        if by_rule and self.each == "attestations":
            rule = self.obligation.own_id
            return [one for one in collected if one.value.get("rule") == rule]
        amiss = self.findings
        return sorted(
            collected, key=lambda one: (one.label not in amiss, self._applies(one) is False)
        )

    @cached_property
    def findings(self) -> Mapping[str, list[Finding]]:
        """The findings by the ids of their subjects."""
        found: dict[str, list[Finding]] = {}
        for finding in self.result.findings:
            for name in (finding.subject, *(other.subject for other in finding.others)):
                found.setdefault(name, []).append(finding)
        return found

    def _applies(self, subject: Subject) -> bool | None:
        return Candidate(self.obligation, self.scene.context, subject).matches()

    def subject(self, subject: Subject) -> SubjectAccount:
        """Account for one subject."""
        steps = self.outcome.steps.get(subject.tokens)
        return SubjectAccount(
            label=subject.label,
            location=location_of(self.scene, pointer(subject.tokens)),
            applies=self._applies(subject),
            values=tuple(
                value
                for fact in self.inside
                for value in self.values(fact, fact.removeprefix(f"{self.each}."), subject)
            ),
            steps=tuple(steps()) if steps else (),
            findings=tuple(self.findings.get(subject.label, ())),
        )

    def values(self, fact: str, below: str, start: Subject) -> Iterator[Value]:
        """Yield the values of a fact, which is at a dotted path below a subject or the whole."""
        for tokens, value in self._walk(start.tokens, start.value, below.split(".")):
            yield from self._leaves(fact, tokens, value)

    def _leaves(self, path: str, tokens: Tokens, value: Json) -> Iterator[Value]:
        """Yield a value, an object of several members member by member."""
        if isinstance(value, Mapping) and len(value) > 1:
            for name, member in value.items():
                yield from self._leaves(f"{path}.{name}", (*tokens, name), member)
            return
        spot = location_of(self.scene, pointer(tokens))
        written = _written(self.scene.description.facts, tokens)
        yield Value(path=path, value=value, written=written, location=spot)

    def _walk(
        self, tokens: Tokens, value: Json, names: Sequence[str]
    ) -> Iterator[tuple[Tokens, Json]]:
        """Yield the values at a path, through every list on the way but not the last."""
        if not names:
            yield tokens, value
        elif isinstance(value, list):
            indices = self.scene.context.view.indices(value)
            for index, element in zip(indices, value, strict=True):
                yield from self._walk((*tokens, index), element, names)
        else:
            below = value.get(names[0]) if isinstance(value, Mapping) else None
            yield from self._walk((*tokens, names[0]), below, names[1:])


def _written(facts: JsonObject, tokens: Iterable[str | int]) -> Json:
    value: Json = facts
    for token in tokens:
        if isinstance(value, Mapping):
            value = value.get(str(token))
        elif isinstance(value, list) and isinstance(token, int):
            value = value[token]
        else:
            return None
    return value
