"""Remarks (说明) on the description and the licence in the results that they concern, mostly notes.

A service whose status is ahead of the day of its launch is not there yet: the day decides. Facts
that are left out are not known, though most of them are usually so: one note lists them all. What
of the facts is assumed (假定) is named. Where a licence words a provision differently, a violation
of the common wording remains one, but a pass does not: the rule was not written for that wording.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NONE, View
from pytest_icp.facts.assumptions import Assumption
from pytest_icp.facts.derived import Status
from pytest_icp.facts.description import Description
from pytest_icp.facts.fields import word_of
from pytest_icp.facts.plans import USUAL, Plan, marked
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import LIVE
from pytest_icp.kinds.finding import Finding, Note, NoteKind, Outcome, Verdict
from pytest_icp.kinds.locator import Locator
from pytest_icp.law.describe import show
from pytest_icp.law.folding import fold_tight
from pytest_icp.law.jsontypes import Json, JsonObject, overlap, pointer, tokens
from pytest_icp.law.location import Location
from pytest_icp.law.once import once
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation, Policy, facts_read

_AHEAD = Text(
    zh="“{name}”的状态为“{status}”，开通日期却在以后（{day}）：以开通日期为准，尚无此项业务",
    en="the status of {name} is {status}, but it is launched later, on {day}: by that day there "
    "is no such service yet",
)
_LEFT_OUT = Text(
    zh="没有写的事实视为不知道，通常如下，属实的请写上（括号中为位置和项数）：\n{facts}",
    en="facts that are left out are not known; usually they are so, and where it is true, write "
    "(in brackets where, and how often):\n{facts}",
)


def with_remarks(locator: Locator, view: View, obligation: Obligation, outcome: Outcome) -> Outcome:
    """Return an outcome with the notes on the description that concern it."""
    outcome = _with_words(locator, outcome)
    notes = tuple(_launches_ahead(locator, view, obligation))
    return replace(outcome, notes=(*outcome.notes, *notes)) if notes else outcome


def _launches_ahead(locator: Locator, view: View, obligation: Obligation) -> Iterator[Note]:
    """Yield a note for each service that is in use by its status, and launched later."""
    services, seen = locator.description.facts.get("services"), view.facts.get("services")
    if not isinstance(services, list) or not isinstance(seen, list) or len(seen) == len(services):
        return
    if "services.launched_on" not in set(facts_read(obligation)):
        return
    there = set(view.indices(seen))
    for i, one in enumerate(services):
        service = one if i not in there and isinstance(one, Mapping) else {}
        status, day = service.get("status"), service.get("launched_on")
        if status in LIVE and day is not None:
            text = _AHEAD.format(
                name=service["id"], status=word_of("services.status", status), day=day
            )
            at = locator.location(f"/services/{i}/launched_on")
            yield Note(kind=NoteKind.ADVICE, text=text, location=at)


def _with_words(locator: Locator, outcome: Outcome) -> Outcome:
    """Return an outcome with what to write, where it waits for facts left out and usually so."""
    if outcome.verdict is not Verdict.UNKNOWN:
        return outcome
    waits = {one.pointer for finding in outcome.findings for one in (finding, finding.hinge) if one}
    left_out, text = _usually_so(locator)
    first = next((at for at in left_out if at in waits), None)
    if first is None:
        return outcome
    note = Note(kind=NoteKind.LEFT_OUT, text=text, location=locator.location(first))
    findings = tuple(_marked(finding, left_out) for finding in outcome.findings)
    return replace(outcome, findings=findings, notes=(*outcome.notes, note))


@once
def _usually_so(locator: Locator) -> tuple[Mapping[str, tuple[str, str]], Text]:
    """Return the facts that are left out and usually so, by their pointers, and as one sentence."""
    left_out = dict(_left_out(locator.description))
    return left_out, _LEFT_OUT.format(facts=plain(";\n".join(_counted(left_out.values()))))


def _marked(finding: Finding, left_out: Container[str]) -> Finding:
    """Return a finding that says whether the fact that it waits for is left out and usually so."""
    hinge = finding.hinge and _marked(finding.hinge, left_out)
    return replace(finding, left_out=finding.pointer in left_out, hinge=hinge)


def _counted(left_out: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield each fact with the paths of the objects that leave it out, counted."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for path, fact in left_out:
        counts[fact][path] += 1
    for fact, paths in counts.items():
        places = ", ".join(f"{path} {n}" for path, n in paths.most_common() if path)
        yield f"{fact} ({places})" if places else fact


def _left_out(description: Description) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the pointer of each fact that is left out and usually so: its path, and the fact."""
    joined, by_hand = description.origins.joined, range(len(description.origins.files))
    plan = marked(SCHEMA, USUAL)
    for name, usual in plan.fields.items():
        if name not in description.facts:
            yield f"/{name}", ("", f"{name}: {usual}")
    for name, child in plan.children.items():
        value = description.facts.get(name)
        if isinstance(value, list):
            for i in joined.elements_of(name, len(value), by_hand):
                yield from _lacking(value[i], child, f"/{name}/{i}", name)
        elif any(home.part in by_hand for home in joined.homes((name,))[0]):
            yield from _lacking(value, child, f"/{name}", name)


def _lacking(value: Json, plan: Plan, at: str, path: str) -> Iterator[tuple[str, tuple[str, str]]]:
    if isinstance(value, list):
        for i, element in enumerate(value):
            yield from _lacking(element, plan, f"{at}/{i}", path)
    if not isinstance(value, dict):
        return
    # Where there is no document, nothing is stated in it.
    if value.get("document", "") not in (None, NONE):
        for name, usual in plan.fields.items():
            if name not in value:
                yield f"{at}/{name}", (path, f"{name}: {usual}")
    for name, child in plan.children.items():
        if name in value:
            yield from _lacking(value[name], child, f"{at}/{name}", f"{path}.{name}")


# ---- Names the assumptions (假定) that a verdict rests on: in its findings, and in a note


def with_assumptions(locator: Locator, outcome: Outcome, facts: Sequence[str]) -> Outcome:
    """Return an outcome that rests on some facts with what of them is assumed.

    ``facts`` are dotted paths. An unknown outcome rests on what is not known instead.
    """
    assumptions = locator.description.assumptions
    used = [one for one in assumptions if any(overlap(one.fact, fact) for fact in facts)]
    if not used or outcome.verdict is Verdict.UNKNOWN:
        return outcome
    notes = tuple(_note(locator, one) for one in used)
    findings = tuple(_naming(locator, finding, used) for finding in outcome.findings)
    return replace(outcome, notes=outcome.notes + notes, findings=findings)


def _note(locator: Locator, one: Assumption) -> Note:
    each, _, name = one.fact.partition(".")
    at = locator.at(one.place)
    text = say.ASSUMES.format(
        count=one.elements, each=each, name=name, value=show(one.value), place=str(at)
    )
    return Note(kind=NoteKind.ASSUMED, text=text, location=at)


def _naming(locator: Locator, finding: Finding, used: Sequence[Assumption]) -> Finding:
    """Return a finding that names what is assumed of its element."""
    each, *rest = tokens(finding.pointer)

    def is_assumed(at: tuple[str, ...]) -> bool:
        provenance = locator.description.provenance(pointer(at))
        return provenance is not None and provenance.status is Status.ASSUMED

    held = [
        f"`{name}: {show(one.value)}`"
        for one in used
        if (name := one.fact.removeprefix(f"{each}.")) != one.fact
        and any(is_assumed((each, *rest[:1], name, *at)) for at in _leaves(one.value))
    ]
    if not held:
        return finding
    assuming = say.ASSUMING.format(facts=", ".join(dict.fromkeys(held)))
    return replace(finding, message=finding.message + assuming)


def _leaves(value: Json) -> list[tuple[str, ...]]:
    """Return the paths of what is in a value: of an object, only a part may be assumed."""
    if not isinstance(value, Mapping):
        return [()]
    return [(name, *path) for name, part in value.items() for path in _leaves(part)]


# ---- A provision that a licence words differently (与通用文本不同的规定)

_DIFFERS = Text(
    zh="许可证印出的{id}与通用文本不同，本规则按通用文本判断",
    en="the licence words {id} differently; this rule checks the common wording",
)
_NO_PASS = Text(zh="，不能据此认定符合", en=", so it cannot confirm that you comply")
_COMPARE = Text(
    zh="对照原文：含义相同的，删去该项；含义不同的，自定规则（icp_policies），并停用本规则（icp_ignore）",
    en="compare the wording: if it means the same, delete this entry; if not, write your own rule "
    "(icp_policies) and leave this one out (icp_ignore)",
)


class OwnWords(Struct, frozen=True):
    """The words in which a licence prints a provision, and their place."""

    text: str
    pointer: str


def own_words(licence: JsonObject, policy: Policy) -> OwnWords | None:
    """Return the words of a licence's own for a provision; None where it has the common ones."""
    provisions = licence.get("provisions")
    for i, one in enumerate(provisions if isinstance(provisions, list) else ()):
        text = one.get("text") if isinstance(one, dict) and one.get("id") == policy.id else None
        common = policy.text_in(licence.get("provisions_edition"))
        # Most licences print the common words, and folding them takes longer than most rules.
        if not isinstance(text, str) or text == common.zh:
            continue
        if fold_tight(text).text != fold_tight(common.zh).text:
            return OwnWords(text, pointer(("licence", "provisions", i, "text")))
    return None


def with_own_words(
    own: OwnWords | None, policy: Policy, obligation: Obligation, outcome: Outcome
) -> Outcome:
    """Return an outcome that passes no rule whose wording on the licence was not compared.

    A rule that rests on a statute keeps its outcome; a note says that the wording differs.
    """
    if own is None or outcome.verdict is Verdict.NOT_APPLICABLE:
        return outcome
    differs, at = _DIFFERS.format(id=policy.id), Location(pointer=own.pointer)
    if obligation.basis != "licence" or outcome.verdict is not Verdict.SATISFIED:
        note = Note(kind=NoteKind.ADVICE, text=differs, location=at)
        return replace(outcome, notes=(*outcome.notes, note))
    finding = Finding(
        verdict=Verdict.UNKNOWN,
        subject=policy.id,
        location=at,
        message=differs + _NO_PASS,
        found=plain(own.text),
        required=_COMPARE,
    )
    return replace(outcome, verdict=Verdict.UNKNOWN, findings=(*outcome.findings, finding))
