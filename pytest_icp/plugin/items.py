"""Descriptions as pytest collects them: file, then provision, then obligation, and fuzz items."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_icp.facts.breakdowns import internal_errors
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.times import civil_date
from pytest_icp.plugin.collection import collected_in
from pytest_icp.plugin.messages import DECIDING, FUZZING, READING
from pytest_icp.plugin.options import Options, read_options
from pytest_icp.plugin.progress import show_progress
from pytest_icp.plugin.reach import is_asked_for
from pytest_icp.plugin.session import Refused, session_key, session_of
from pytest_icp.reports.layout import inert, uncommanded
from pytest_icp.reports.words import in_languages

if TYPE_CHECKING:
    from pathlib import PurePath

    from pytest_icp.authoring.fuzzing.running import Effort
    from pytest_icp.authoring.fuzzing.tried import BrokenLaw, GaveUp
    from pytest_icp.authoring.strategies.trial import Situation, Trial
    from pytest_icp.engine import Scene
    from pytest_icp.facts.description import Description
    from pytest_icp.kinds.result import Primitives, Result
    from pytest_icp.law.location import Location
    from pytest_icp.reports.run import SourceRemarks, Trouble
    from pytest_icp.rules.policy import Obligation, Policy


class ObligationFailed(AssertionError):  # noqa: N818 - what happened, not an error
    """An obligation is violated.

    It is an `AssertionError`, so that tools tell it from what could not be decided, or crashed.
    """


class ObligationUndecided(Exception):  # noqa: N818 - what happened, not an error
    """An obligation cannot be decided."""


class DescriptionFile(pytest.File):
    """A description file: one collector for each provision that binds its licence.

    A description that cannot be read is a single item that fails, so that the others are still
    decided; so is one that our own code fails on. Policies and waivers that cannot be used stop
    the run after the collection.
    """

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Yield the provisions, or one item that fails with the error."""
        expected = (Refused, pytest.exit.Exception)
        try:
            with internal_errors(Place(path=self.path), expected):
                children = list(self._children())
        except Refused as refused:
            session_of(self.config).refused.append(str(refused))
            return
        except InputError as error:
            yield BrokenDescription.from_parent(self, name="description", error=error)
            return
        yield from children

    def _children(self) -> Iterator[pytest.Item | pytest.Collector]:
        from msgspec import to_builtins

        from pytest_icp.reports.term import recorded

        collected = collected_in(self.config)
        reading = show_progress(self.config, READING.format(file=self.path.name))
        with reading, session_of(self.config).sparing_collector():
            scene, policies = session_of(self.config).open(self.path)
            selection = session_of(self.config).selection(self.path)
            collected.rules[self.nodeid] = sorted(selection.rules)
            collected.records[self.nodeid] = to_builtins(recorded(scene, selection))
        if scene.description.readings:
            yield SourcesItem.from_parent(self, name="sources", description=scene.description)
        for policy in policies:
            yield ProvisionNode.from_parent(self, name=policy.id, policy=policy)


def described(parent: pytest.Collector, path: Path) -> DescriptionFile:
    """Return the collector of a description.

    pytest prints node ids as they are, and begins lines with them.
    """
    file = _collector(parent, path)
    files, shown = collected_in(parent.config).files, printable_id(file.nodeid)
    while files.get(shown, str(path)) != str(path):
        # Of two names that look the same, neither stands for the other.
        shown = f"…{shown}"
    if shown != file.nodeid:
        file = DescriptionFile.from_parent(parent, path=path, nodeid=shown)
    # pytest also asks about the files beside the folder or file that it was given.
    if is_asked_for(parent.config, path):
        files[shown] = str(path)
    return file


def _collector(parent: pytest.Collector, path: Path) -> DescriptionFile:
    try:
        file: DescriptionFile = DescriptionFile.from_parent(parent, path=path)
    except AssertionError:
        # Older versions of pytest take no such sign in the id of a node.
        shown = f"{parent.nodeid}/{path.name}".replace(_NOT_IN_IDS, ":: ()")
        file = DescriptionFile.from_parent(parent, path=path, nodeid=shown)
    return file


_NOT_IN_IDS = "::()"


def printable_id(nodeid: str) -> str:
    """Return a node id that no terminal obeys, and that no CI service takes for a command."""
    return uncommanded(inert(nodeid))


class ProvisionNode(pytest.Class):
    """A provision (特别规定) of the licence: one item for each of its obligations.

    Between a file and its tests editors show classes, and no other collectors.
    """

    def __init__(self, *, policy: Policy, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.policy = policy
        # Other plugins look into the class behind the node, and keep what is theirs in it.
        title = in_languages(policy.title, read_options(self.config).language)
        self.obj = type(policy.id, (), {"__doc__": title})

    @property
    def scene(self) -> Scene:
        """The description that the obligations are decided in."""
        return session_of(self.config).scenes[self.path]

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the obligations, each followed by its fuzz item with ``icp_fuzz``.

        One with parts has a fuzz item for each of them.
        """
        from pytest_icp.rules.policy import part_id

        fuzz = read_options(self.config).fuzz
        for obligation in self.policy.obligations:
            yield ObligationItem.from_parent(
                self, name=obligation.id, obligation=obligation, policy=self.policy
            )
            for part in obligation.each_part if fuzz else ():
                yield FuzzItem.from_parent(
                    self,
                    name=f"{part_id(part.id, part.part)}[fuzz]",
                    scene=self.scene,
                    policy=self.policy,
                    fuzzed=part,
                )


_FINDINGS = (ObligationFailed, ObligationUndecided, pytest.xfail.Exception)


class ObligationItem(pytest.Item):
    """One obligation (义务) of one provision, decided in one description."""

    parent: ProvisionNode

    def __init__(self, *, obligation: Obligation, policy: Policy, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.obligation = obligation
        self.policy = policy
        self.result: Result | None = None
        self.extra_keyword_matches.update({obligation.rule_id, policy.article, obligation.kind})
        self.add_marker(pytest.mark.icp(obligation.rule_id))

    @property
    def options(self) -> Options:
        """The options of the run."""
        return read_options(self.config)

    @property
    def rule_id(self) -> str:
        """The id of the rule that this item decides."""
        return self.obligation.rule_id

    def runtest(self) -> None:
        """Decide the obligation, and give it the outcome of pytest that is nearest to its verdict.

        Only what is satisfied passes, so that every reader of outcomes counts it right: what is
        violated fails, or is expected to fail where that does not fail the run; so does what is
        undecided, or it is skipped; what does not apply is skipped.
        """
        from pytest_icp.engine import decide

        sparing = session_of(self.config).sparing_collector()
        with show_progress(self.config, DECIDING.format(rule=self.rule_id)), sparing:
            result = self.result = decide(self.parent.scene, self.policy, self.obligation)
        # An item that runs again (pytest-rerunfailures) still has the properties of its last run.
        others = [one for one in self.user_properties if not one[0].startswith("icp.")]
        self.user_properties[:] = [*others, *properties_of(result)]
        if result.verdict is Verdict.NOT_APPLICABLE:
            pytest.skip(in_languages(result.reason, self.options.language))
        if result.verdict is Verdict.SATISFIED:
            return
        from pytest_icp.reports.failure import headline

        why = inert(headline(result, self.options.language))
        if result.waived:
            # With ``--runxfail`` it does nothing.
            pytest.xfail(result.waived.reason)
        if result.verdict is Verdict.UNKNOWN:
            if result.level != "advisory" and self.options.unknown == "fail":
                raise ObligationUndecided(f"{self.rule_id} {why}")
            pytest.skip(why)
        if result.level != "advisory":
            raise ObligationFailed(f"{self.rule_id} {why}")
        pytest.xfail(why)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:
        """Print a finding as a compiler would; anything else is a crash, with its cause."""
        result, language = self.result, self.options.language
        if result and isinstance(excinfo.value, _FINDINGS):
            from pytest_icp.reports.as_text import Screen
            from pytest_icp.reports.failure import brief, failure, headline

            text = line = headline(result, language)
            spot = result.location
            if result.leading:
                whole, columns = self.config.getoption("verbose", 0) > 0, columns_of(self.config)
                blocks = failure(result) if whole else brief(result, columns)
                text = Screen(language, columns).text(blocks)
                spot = result.leading.location
            return represented(self, excinfo, text, line, spot.path, spot.line)
        return excinfo.getrepr(style="short", tbfilter=_from_the_check)

    @property
    def facts_at(self) -> Location:
        """The location of the facts that the obligation is about, perhaps in another file."""
        from pytest_icp.engine import location_of

        each = self.obligation.each.lstrip("/").replace(".", "/")
        return location_of(self.parent.scene, f"/{each}")

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the line of the description that the obligation is about.

        An item stays in its own file, or editors look for it in another one. Where its facts
        are in another file, the line is that of ``licence_file``, or the first. Who asks after
        the run, when what was read is gone, is told no line.
        """
        from pytest_icp.engine import location_of

        if session_key not in self.config.stash:
            return self.path, None, self.rule_id
        scene = self.parent.scene
        naming = "/licence_file" if self.obligation.each.lstrip("/").startswith("licence") else ""
        spots = (self.facts_at, location_of(scene, naming))
        line = next((spot.line for spot in spots if spot.path == scene.name and spot.line), 1)
        return self.path, line - 1, self.rule_id


class TroublesFound(Exception):  # noqa: N818 - what happened, not an error
    """What cannot be used, or may not be so; each trouble has the reason."""


class TroublesItem(pytest.Item):
    """An item that fails where there are troubles, and names each of them."""

    def __init__(
        self,
        *,
        troubles: Sequence[Trouble],
        sources: Sequence[SourceRemarks] = (),
        line: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.troubles, self.sources, self._line = troubles, sources, line

    def runtest(self) -> None:
        """Fail if there is a trouble."""
        if self.troubles:
            raise TroublesFound

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """Print each trouble with its place, without a traceback."""
        if isinstance(excinfo.value, TroublesFound):
            from pytest_icp.reports.errors import troubles_text

            language, root = read_options(self.config).language, self.config.rootpath
            text = troubles_text(self.troubles, language, root)
            headline = in_languages(self.troubles[0].message, language)
            return represented(self, excinfo, text, headline, self.location[0], self._line + 1)
        return super().repr_failure(excinfo, *args)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the line of the item; each trouble has a place of its own."""
        return self.path, self._line, self.name


class SourcesItem(TroublesItem):
    """The item of the sources of a description (来源): it fails when one cannot be used.

    Rules that rest on what is not known for it are unknown; the others are decided.
    """

    def __init__(self, *, description: Description, parent: Any, **kwargs: Any) -> None:
        from pytest_icp.reports.sources import source_remarks, source_troubles

        named = os.path.relpath(parent.path, parent.config.rootpath)
        here = [one.place for one in description.readings]
        own = (place for place in here if Path(place.path) == parent.path and place.line)
        super().__init__(
            troubles=source_troubles(description),
            sources=source_remarks(description, named),
            line=next((place.line or 1 for place in own), 1) - 1,
            parent=parent,
            **kwargs,
        )


class BrokenDescription(pytest.Item):
    """The item of a description that cannot be read."""

    def __init__(self, *, error: InputError, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error = error

    def runtest(self) -> None:
        """Fail with what is wrong."""
        raise self.error

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """Print what is wrong and where, without a traceback."""
        if not isinstance(excinfo.value, InputError):
            return super().repr_failure(excinfo, *args)
        from pytest_icp.reports.errors import error_text

        language = read_options(self.config).language
        text = error_text(excinfo.value, language, self.config.rootpath)
        headline = in_languages(excinfo.value.message, language)
        path, line, _ = self.location
        return represented(self, excinfo, text, headline, path, (line or 0) + 1)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the line of the fault, where it is in the description itself."""
        place = self.error.place
        inside = place is not None and place.line and Path(place.path) == self.path
        return self.path, (place.line or 1) - 1 if place and inside else 0, "description"


def _from_the_check(excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
    """Return the traceback of a crash from the call of the check on, without frames of pytest."""
    return excinfo.traceback.cut(path=Path(__file__))


# ---- Obligations as pytest fuzzes them: one more item beside each, with the marker ``icp_fuzz``


class Counterexample(AssertionError):  # noqa: N818 - what happened, not an error
    """Fuzzing found a law that an obligation breaks, or could not try it."""

    def __init__(self, found: BrokenLaw | GaveUp) -> None:
        super().__init__(found)
        self.found = found


class FuzzItem(pytest.Item):
    """One obligation (义务), or one part of it, fuzzed around one description."""

    def __init__(self, *, scene: Scene, policy: Policy, fuzzed: Obligation, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scene = scene
        self.policy = policy
        self.fuzzed = fuzzed
        self.edges: Primitives | None = None
        self.extra_keyword_matches.update(
            {fuzzed.own_id, fuzzed.rule_id, policy.article, fuzzed.kind, "fuzz"}
        )
        self.add_marker(pytest.mark.icp_fuzz(fuzzed.rule_id))

    @property
    def options(self) -> Options:
        """The options of the run."""
        return read_options(self.config)

    def runtest(self) -> None:
        """Fuzz the obligation; raise what is found."""
        # Hypothesis is imported here for the first time.
        from msgspec import to_builtins

        from pytest_icp.authoring.fuzzing.printing import edges
        from pytest_icp.authoring.fuzzing.running import fuzz
        from pytest_icp.authoring.fuzzing.tried import GaveUp

        with show_progress(self.config, FUZZING.format(rule=self.fuzzed.own_id)):
            trial, effort = self._trial(), self._effort()
            around = self._around(trial)
            found = fuzz(trial, around, effort)
            # That a rule which the package ships can be violated is tested around its examples.
            if found and not (self.policy.is_shipped and isinstance(found, GaveUp)):
                raise Counterexample(found)
            self.edges = to_builtins(edges(trial, around, effort.situations))

    def _trial(self) -> Trial:
        from pytest_icp.authoring.strategies.trial import Trial

        context = self.scene.context
        return Trial(
            obligation=self.fuzzed,
            policy=self.policy,
            kinds=self.scene.kinds,
            calendar=context.calendar,
            settings=context.settings,
            evidence=self.scene.description.evidence,
        )

    def _around(self, trial: Trial) -> Situation:
        """Return the user's description, with what the obligation reads and nothing else."""
        from pytest_icp.authoring.strategies.trial import Situation, slim

        document = slim(trial, self.scene.description.facts)
        return Situation(document=document, as_of=_written(self.scene.context.as_of))

    def _effort(self) -> Effort:
        from pytest_icp.authoring.fuzzing.running import Effort

        return Effort(
            profile=self.options.fuzz_profile,
            examples=self.options.fuzz_examples,
            seed=self.config.getoption("--hypothesis-seed", default=None),
        )

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        """Print a counterexample without a traceback; anything else is our own mistake."""
        if isinstance(excinfo.value, Counterexample):
            from pytest_icp.authoring.fuzzing.printing import outcome_text

            found, language = excinfo.value.found, self.options.language
            text = outcome_text(
                found,
                self.fuzzed.own_id,
                language,
                columns_of(self.config),
                review=self.fuzzed.level == "review",
            )
            # Its first line names the rule and the finding.
            return represented(self, excinfo, text, text.partition("\n")[0], self.location[0], 1)
        return super().repr_failure(excinfo, *args)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the description's first line."""
        return self.path, 0, f"{self.fuzzed.own_id}[fuzz]"


def _written(as_of: datetime) -> str:
    """Write an instant as a case does: a day means its end.

    The present instant is written as its day, so that every run of a day tries the same.
    """
    exact = as_of.microsecond == 0
    return as_of.isoformat() if exact else civil_date(as_of).isoformat()


# ---- How an item appears in other tools (表示): its full text, one line for summaries, properties

_USUAL = 80


def columns_of(config: pytest.Config) -> int:
    """Return how wide the terminal of a run is; there may be none, as with ``-p no:terminal``."""
    if config.pluginmanager.has_plugin("terminalreporter"):
        return config.get_terminal_writer().fullwidth
    return shutil.get_terminal_size((_USUAL, 24)).columns


def represented(
    item: pytest.Item,
    excinfo: pytest.ExceptionInfo[BaseException],
    text: str,
    headline: str,
    path: PurePath | str,
    line: int | None,
) -> Any:
    """Return the text as pytest's representation of a failure, instead of a traceback.

    What pytest makes of the exception is filled in anew, since only objects of its own kinds
    travel to another process. The headline is what it prints where there is one line only:
    the short summary, the message in a JUnit file, and ``--tb=line``, where there is no more.
    """
    brief = item.config.getoption("tbstyle", default="") == "line"
    shown = excinfo.getrepr(style="value", chain=False)
    # pytest 8.2 colours the lines of an entry as Python; this one it prints as it is.
    shown.reprtraceback.reprentries[0].lines = []
    shown.reprtraceback.extraline = None if brief else text
    if shown.reprcrash:
        shown.reprcrash.message = inert(" ".join(headline.split()))
        shown.reprcrash.path, shown.reprcrash.lineno = uncommanded(inert(str(path))), line or 1
    return shown


def properties_of(result: Result) -> list[tuple[str, str]]:
    """Return the JUnit properties of a result."""
    found = result.binding
    due = min((f.due for f in found if f.due), default="")
    due = due or min((one.last for one in result.upcoming), default="")
    fields = {
        "icp.rule": result.rule_id,
        "icp.verdict": result.verdict.value,
        "icp.level": result.level,
        "icp.basis": result.basis,
        "icp.as_of": result.as_of,
        "icp.article": result.article,
        "icp.due": due,
        "icp.subject": ", ".join(sorted({f.subject for f in found})),
        "icp.parts": ", ".join(f"{part.name}={part.standing.value}" for part in result.parts),
        "icp.waiver": result.waived.expires if result.waived else "",
        "icp.decided": ", ".join(sorted({f.decided.day for f in found if f.decided})),
    }
    return [(name, inert(value)) for name, value in fields.items() if value]
