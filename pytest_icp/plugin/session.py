"""The state of one pytest session: its policies, read once, its descriptions and errors."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.law.times import civil_date
from pytest_icp.plugin.options import Options, read_options, speak

if TYPE_CHECKING:
    from pytest_icp.engine import Scene
    from pytest_icp.facts.derived import Reading
    from pytest_icp.facts.description import Description
    from pytest_icp.kinds import Kind
    from pytest_icp.kinds.result import Result
    from pytest_icp.law.calendar import Calendar
    from pytest_icp.law.text import Text
    from pytest_icp.reports.accepted import Judged
    from pytest_icp.rules.policies import WrittenPolicy
    from pytest_icp.rules.policy import Policy
    from pytest_icp.rules.selection import Choice, RuleIds, Selection
    from pytest_icp.rules.waivers import Waiver
    from pytest_icp.sources.loading import Kind as SourceKind
    from pytest_icp.sources.loading import Memory, NamedSource


_FACTS_HOOK = "pytest_icp_facts"

_Kind = TypeVar("_Kind")


class Refused(Exception):  # noqa: N818 - what happened, not an error
    """Policies, waivers or working days that cannot be used: the run has to stop."""


class IcpSession:
    """Reads policies and opens descriptions for the collectors of one run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.scenes: dict[Path, Scene] = {}
        self._selections: dict[Path, Selection] = {}
        self._loaded: dict[Path, None] = {}
        self.descriptions: dict[Path, Description] = {}
        self.refused: list[str] = []
        self.memory: Memory | None = None
        # To count what is frozen takes time by how much that is.
        self._nothing_is_frozen = not gc.get_freeze_count()

    @property
    def _options(self) -> Options:
        return read_options(self._config)

    def open(self, path: Path) -> tuple[Scene, tuple[Policy, ...]]:
        """Return the scene of a description and the policies that bind its licence.

        Raises `InputError` if the description cannot be read, `Refused` for other files.
        """
        from pytest_icp.engine import binding, prepare

        policies = self.policies
        waivers = self.waivers_in(path.parent)
        description = self.load(path)
        scene = self.scenes[path] = prepare(
            description,
            as_of=self._options.as_of,
            settings=self._options.settings,
            calendar=self.calendar,
            waivers=waivers,
            kinds=self.kinds,
            base=self._config.rootpath,
        )
        self._selections.pop(path, None)
        return scene, binding(policies, description)

    def load(self, path: Path) -> Description:
        """Read a description with its sources, those of options, and facts of other plugins.

        Raises `InputError` if it cannot be read, and `Refused` if options name an unknown kind of
        source, or name sources for several descriptions.
        """
        from pytest_icp.facts.files.disk import repository_of
        from pytest_icp.rules.selection import check_names
        from pytest_icp.sources.loading import load

        named = self._options.sources
        self._loaded[path.absolute()] = None
        if named:
            self._check_kinds(named)
        if named and len(self._loaded) > 1:
            raise Refused(self._several())
        added = self._added(path.absolute())
        root = repository_of(path, self._config.rootpath)
        description = load(
            path,
            root=root,
            named=named,
            kinds=self.adapters,
            readings=added,
            may_be_absent=not self.runs_code,
            memory=self.memory,
        )
        check_names(description, lambda: self.known_rules)
        speak(self._config, description.facts.get("language"))
        return description

    def _check_kinds(self, named: Iterable[NamedSource]) -> None:
        """Raise `Refused` for an unknown kind: the mistake is in an option, not in a source."""
        from pytest_icp.law.text import plain
        from pytest_icp.sources.loading import KINDS, kind_of

        for source in named:
            try:
                kind_of(source.kind, {**KINDS, **self.adapters})
            except InputError as error:
                option = plain(f"--icp-source {source.kind}={source.written}: ")
                raise self._refuse(InputError(option + error.message, hint=error.hint)) from error

    def _several(self) -> str:
        from pytest_icp.plugin.messages import SEVERAL_DESCRIPTIONS
        from pytest_icp.reports.words import in_languages

        names = ", ".join(os.path.relpath(path, self._config.rootpath) for path in self._loaded)
        return in_languages(SEVERAL_DESCRIPTIONS.format(names=names), self._options.language)

    @cached_property
    def adapters(self) -> Mapping[str, SourceKind]:
        """The kinds of source of other plugins, beside those of the product."""
        from pytest_icp.plugin.messages import KIND_OF_SOURCE
        from pytest_icp.sources.loading import KINDS

        found = self._config.hook.pytest_icp_adapters(config=self._config)
        named = [one for kinds in found for one in kinds.items()]
        return self._added_to(KINDS, named, KIND_OF_SOURCE)

    def _added_to(
        self, known: Iterable[str], named: Iterable[tuple[str, _Kind]], what: Text
    ) -> dict[str, _Kind]:
        """Return the kinds that plugins add by name; none of them replaces another."""
        from pytest_icp.plugin.messages import ANOTHER_NAME, REPLACED

        kinds: dict[str, _Kind] = {}
        for name, kind in named:
            if name in known or name in kinds:
                message = REPLACED.format(what=what, name=name)
                raise self._refuse(InputError(message, hint=ANOTHER_NAME))
            kinds[name] = kind
        return kinds

    def _added(self, path: Path) -> list[Reading]:
        """Return the facts that other plugins add to a description."""
        parts = self._config.hook.pytest_icp_facts(config=self._config, path=path)
        given = [part for part in parts if part]
        if not given:
            return []
        from pytest_icp.facts.derived import Derived, Provenance, Reading
        from pytest_icp.law.location import Place
        from pytest_icp.sources.loading import all_facts

        here = Place(path=path)
        return [
            Reading(
                kind=_FACTS_HOOK,
                path=path.name,
                place=here,
                gives=all_facts(),
                derived=part
                if isinstance(part, Derived)
                else Derived(facts=part, trace=lambda _: Provenance(place=here)),
            )
            for part in given
        ]

    def known(self, path: Path) -> tuple[Scene, tuple[Policy, ...]]:
        """Return the same as `open`, which is asked only where the description was not opened."""
        from pytest_icp.engine import binding

        scene = self.scenes.get(path)
        return (scene, binding(self.policies, scene.description)) if scene else self.open(path)

    @property
    def choice(self) -> Choice:
        """What options say of which rules are selected."""
        from pytest_icp.rules.selection import Choice

        return Choice(self._options.select, self._options.ignore)

    def selection(self, path: Path) -> Selection:
        """Return which rules are selected of a description."""
        if path not in self._selections:
            from pytest_icp.rules.selection import Selection

            scene, policies = self.known(path)
            self._selections[path] = Selection(policies, scene.description, self.choice)
        return self._selections[path]

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """The policies of the product, of the user's folders and of other plugins."""
        from pytest_icp.kinds.policies import default_policies, load_policies

        if not self.own_folders:
            return default_policies()
        try:
            return load_policies(self._folders, kinds=self.kinds, rootdir=self._config.rootpath)
        except InputError as error:
            raise self._refuse(error) from error

    def written(self) -> tuple[WrittenPolicy, ...]:
        """Return the same policies with the contents of their files."""
        from pytest_icp.kinds.policies import written_policies

        try:
            return written_policies(self._folders, kinds=self.kinds, rootdir=self._config.rootpath)
        except InputError as error:
            raise self._refuse(error) from error

    @cached_property
    def own_folders(self) -> list[Path]:
        """The folders of policies beside those of the product."""
        found = [*self._options.policies]
        for folders in self._config.hook.pytest_icp_policies(config=self._config):
            found.extend(folders)
        return found

    @property
    def _folders(self) -> list[Path]:
        from pytest_icp.facts.files.properties import resource

        return [resource("policies"), *self.own_folders]

    def _refuse(self, error: InputError) -> Refused:
        from pytest_icp.reports.errors import error_text

        return Refused(error_text(error, self._options.language, self._config.rootpath))

    @cached_property
    def rule_ids(self) -> frozenset[str]:
        """The ids of all rules."""
        return frozenset(o.rule_id for policy in self.policies for o in policy.obligations)

    @cached_property
    def _groups(self) -> Mapping[str, frozenset[str]]:
        from pytest_icp.rules.selection import groups_among

        return groups_among((*self._options.select, *self._options.ignore), self.policies)

    def lets_in(self, rule: str) -> bool:
        """Whether options let a rule of an ordinary test run."""
        return self.choice.lets_in(rule, self._groups)

    @cached_property
    def known_rules(self) -> RuleIds:
        """The same ids, and the provisions that others cannot add to: those of the product."""
        from pytest_icp.rules.selection import RuleIds

        return RuleIds.of(self.policies)

    @cached_property
    def calendar(self) -> Calendar:
        """The working days that were published, and those of the user's files."""
        from pytest_icp.facts.workdays import published, with_years

        try:
            files = self._options.year_files
            return with_years(published(), files, rootdir=self._config.rootpath)
        except InputError as error:
            raise self._refuse(error) from error

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of obligation of other plugins, beside those of the product."""
        from pytest_icp.kinds import kinds as shipped
        from pytest_icp.plugin.messages import KIND_OF_OBLIGATION

        answers = self._config.hook.pytest_icp_checks(config=self._config)
        named = [(kind.name, kind) for kinds in answers for kind in kinds]
        added = self._added_to(shipped(), named, KIND_OF_OBLIGATION)
        if self.runs_code:
            return added
        from pytest_icp.kinds.policies import absent_kinds

        return {**added, **absent_kinds(self.own_folders, {*shipped(), *added})}

    @property
    def runs_code(self) -> bool:
        """Whether the conftest files of the repository are loaded."""
        return not self._config.getoption("noconftest")

    def waivers_in(self, folder: Path) -> tuple[Waiver, ...]:
        """Return the waivers beside a description; none where there is no file of them."""
        from pytest_icp.facts.files.disk import repository_of
        from pytest_icp.rules.selection import levels
        from pytest_icp.rules.waivers import files_in, read_waivers

        waivers: list[Waiver] = []
        try:
            for path in files_in(folder):
                waivers += read_waivers(
                    path,
                    levels=levels(self.policies),
                    as_of=self._options.as_of.date(),
                    longest_days=self._options.waiver_days,
                    root=repository_of(path, self._config.rootpath),
                )
        except InputError as error:
            raise self._refuse(error) from error
        return tuple(waivers)

    def judged(self, results: Sequence[Result], root: Path) -> Judged:
        """Return the results that waivers are matched with, with paths relative to a folder."""
        from pytest_icp.reports.accepted import Judged
        from pytest_icp.rules.waivers import descriptions_beside

        names, today = self._options.files, civil_date(self._options.as_of)
        return Judged(results, root, today, lambda waiver: descriptions_beside(waiver, names))

    @contextmanager
    def sparing_collector(self) -> Iterator[None]:
        """Keep the garbage collector from what is made here, and make all of it old.

        Policies, facts and results live to the end: the collector would walk them again and again,
        which takes a third of the time of 100,000 subjects. They are not frozen: others look for
        what refers to an object, as Hypothesis does. What somebody has frozen stays so.
        """
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            yield
            if self._nothing_is_frozen:
                gc.freeze()
                gc.unfreeze()
        finally:
            if was_enabled:
                gc.enable()


session_key = pytest.StashKey[IcpSession]()


def drop_session(config: pytest.Config) -> None:
    """Drop all that was read.

    pytest collects garbage several times at its end, and walks whatever is still there.
    """
    if session_key in config.stash:
        del config.stash[session_key]


def session_of(config: pytest.Config) -> IcpSession:
    """Return the state of the session, created on first use."""
    known = config.stash.get(session_key, None)
    if known is None:
        known = config.stash[session_key] = IcpSession(config)
    return known
