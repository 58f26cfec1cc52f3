"""The law that a check never crashes (检查出错), and the breach that a crash is."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.breach import Breach
from pytest_icp.authoring.strategies.situations import Situation
from pytest_icp.authoring.strategies.trial import CheckCrashed, Trial
from pytest_icp.law.text import plain


def every_description_is_decided(trial: Trial, situation: Situation) -> Iterator[Breach]:
    """Decide once; whatever the check raises is a breach."""
    try:
        trial.verdict(situation)
    except CheckCrashed as crash:
        yield crash_of(crash)


def crash_of(crash: CheckCrashed) -> Breach:
    """Return a crash as a breach, with its error and the line that raised it."""
    error = crash.__cause__
    frames = traceback.extract_tb(error.__traceback__) if error else []
    own = [frame for frame in frames if "pytest_icp" not in Path(frame.filename).parts]
    frame = (own or frames)[-1]
    at = f"{Path(frame.filename).name}:{frame.lineno}"
    return Breach(
        law=say.CRASH_LAW,
        situation=crash.situation,
        found=say.CRASHED,
        expected=say.A_VERDICT,
        why=plain(f"{type(error).__name__}: {error} ({at})"),
        cause=f"{type(error).__name__} {at}",
    )
