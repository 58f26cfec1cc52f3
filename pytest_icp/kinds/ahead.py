"""Services that are in use by their status, and launched later by their day: the day decides.

Such a service is not there yet (尚未开通). Rules that read the day of a launch say so in a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from pytest_icp.facts.asof import View
from pytest_icp.kinds.finding import Note, NoteKind, Outcome
from pytest_icp.kinds.locator import Locator
from pytest_icp.kinds.services import LIVE
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Obligation
from pytest_icp.rules.reads import facts_read

_AHEAD = Text(
    zh="「{name}」的状态为 {status}，开通日期却在以后（{day}）：以开通日期为准，尚无此项业务",
    en="the status of {name} is {status}, but it is launched later, on {day}: by that day there "
    "is no such service yet",
)


def with_launches_ahead(
    locator: Locator, view: View, obligation: Obligation, outcome: Outcome
) -> Outcome:
    """Return an outcome with a note for each service whose status is ahead of its launch."""
    services, seen = locator.description.facts.get("services"), view.facts.get("services")
    if not isinstance(services, list) or not isinstance(seen, list) or len(seen) == len(services):
        return outcome
    if "services.launched_on" not in set(facts_read(obligation)):
        return outcome
    there = set(view.indices(seen))
    hidden = {i: one for i, one in enumerate(services) if i not in there}
    return replace(outcome, notes=(*outcome.notes, *_notes(locator, hidden)))


def _notes(locator: Locator, hidden: Mapping[int, object]) -> Iterator[Note]:
    for i, one in hidden.items():
        service = one if isinstance(one, Mapping) else {}
        status, day = service.get("status"), service.get("launched_on")
        if status in LIVE and day is not None:
            text = _AHEAD.format(name=service["id"], status=status, day=day)
            at = locator.location(f"/services/{i}/launched_on")
            yield Note(kind=NoteKind.ADVICE, text=text, location=at)
