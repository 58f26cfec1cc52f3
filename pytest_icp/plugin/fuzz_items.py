"""Obligations as pytest fuzzes them: one more item beside each, with the marker ``icp_fuzz``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from pytest_icp.law.times import civil_date
from pytest_icp.plugin.messages import FUZZING
from pytest_icp.plugin.options import Options, read_options
from pytest_icp.plugin.progress import show_item

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pytest_icp.authoring.fuzzing.running import Effort
    from pytest_icp.authoring.fuzzing.tried import BrokenLaw, GaveUp
    from pytest_icp.authoring.strategies.trial import Situation, Trial
    from pytest_icp.engine import Scene
    from pytest_icp.kinds.result import Primitives
    from pytest_icp.rules.policy import Obligation, Policy


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

        with show_item(self, FUZZING.format(rule=self.fuzzed.own_id)):
            trial, effort = self._trial(), self._effort()
            around = self._around(trial)
            found = fuzz(trial, around, effort)
            if found is not None:
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
            from pytest_icp.plugin.representation import columns_of, represented

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


def print_summary(terminal: pytest.TerminalReporter, fuzzed: Sequence[Primitives]) -> None:
    """Print what came of fuzzing: the edges of each rule, none of one that failed."""
    from msgspec import convert

    from pytest_icp.authoring.fuzzing.messages import SUMMARY
    from pytest_icp.authoring.fuzzing.printing import Edges, summary_lines
    from pytest_icp.plugin.representation import columns_of
    from pytest_icp.reports.summary import Section

    config = terminal.config
    language, columns = read_options(config).language, columns_of(config)
    kept = [convert(one, Edges) for one in fuzzed if one]
    broken, verbose = len(fuzzed) - len(kept), config.get_verbosity() > 0
    lines = summary_lines(kept, broken, language, columns, every=verbose)
    for line in Section(SUMMARY, tuple(lines)).ruled(language, columns):
        terminal.write_line(line)
