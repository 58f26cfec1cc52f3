"""Whether the law that an obligation rests on was in force on a day (效力)."""

from __future__ import annotations

from datetime import date

from pytest_icp.kinds import messages as say
from pytest_icp.kinds.finding import Cited, Outcome, Verdict
from pytest_icp.law.once import once
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Citation, Obligation, Version


def in_force(obligation: Obligation, day: date) -> bool:
    """Whether an obligation binds on ``day``, as far as the articles tell that it cites.

    One that rests on a statute does while one of them is in force. One that rests on the licence,
    or is the company's own, outlives them; none binds before the first of them is law.
    """
    if obligation.basis == "statute":
        return _any_in_force(obligation, day)
    first = earliest(obligation)
    return first is None or first <= day


def _any_in_force(obligation: Obligation, day: date) -> bool:
    versions = _versions(obligation)
    return not versions or any(version.in_force(day) for version in versions)


@once
def _versions(obligation: Obligation) -> tuple[Version, ...]:
    """Return each wording of the articles that an obligation cites."""
    return tuple(version for citation in obligation.cites for version in citation.versions)


def is_statute_in_force(obligation: Obligation, day: date) -> bool:
    """Whether an obligation binds on a day by a statute, whatever the licence prints."""
    return obligation.basis in {"statute", "both"} and _any_in_force(obligation, day)


def binding_since(obligation: Obligation) -> date:
    """Return the first day on which an obligation binds: that of its law, where it cites some."""
    return earliest(obligation) or date.min


def earliest(obligation: Obligation) -> date | None:
    """Return the first day on which an article that the obligation cites was in force."""
    return min((version.effective_from for version in _versions(obligation)), default=None)


def ended_before(obligation: Obligation, day: date) -> date | None:
    """Return the last day on which an article that the obligation cites was in force.

    None where one is still in force, or comes into force, on or after ``day``.
    """
    days = [version.effective_to or date.max for version in _versions(obligation)]
    last = max(days, default=date.max)
    return last if last < day else None


def by_event(obligation: Obligation) -> bool:
    """Whether the law of the days of its subjects counts, and not that of the as-of day."""
    return obligation.spec.event_decides_law or obligation.past.happened is not None


def not_in_force(obligation: Obligation, day: date) -> Outcome:
    """Return that an obligation does not apply on a day on which it is not law."""
    text = say.NOT_IN_FORCE.format(day=day, since=earliest(obligation))
    ended = ended_before(obligation, day)
    if ended:
        text = say.NO_LONGER_IN_FORCE.format(day=day, until=ended)
    return Outcome(verdict=Verdict.NOT_APPLICABLE, reason=text)


def cited(obligation: Obligation, day: date) -> tuple[Cited, ...]:
    """Return the articles in force on a day; of a duty that is not law then, the first wordings."""
    articles = []
    for citation in obligation.cites:
        for version, words in _wordings(citation):
            if version.in_force(day):
                articles.append(words)
                break
        else:
            if not in_force(obligation, day):
                articles.append(_wordings(citation)[0][1])
    return tuple(articles)


@once
def _wordings(citation: Citation) -> tuple[tuple[Version, Cited], ...]:
    """Return each wording of a citation, and the article as reports cite it."""
    statute = citation.statute
    return tuple(
        (
            version,
            Cited(
                label=Text(
                    zh=f"{statute.zh}{version.article.zh}",
                    en=f"{statute.en}, {version.article.en}",
                ),
                quote=version.quote,
            ),
        )
        for version in citation.versions
    )
