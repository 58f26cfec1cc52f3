"""Deciding with glances and without: the same must come out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from pytest_icp.kinds import selection as base


@contextmanager
def no_glances() -> Iterator[None]:
    """Have every element judged, whatever a glance would say of it."""
    with patch.object(base, "_at_a_glance", lambda *_: []):
        yield


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the labels of the subjects that are judged one by one."""
    labels: list[str] = []
    judge_one = base._judge

    def counting(gate, judge):  # type: ignore[no-untyped-def]  # as it is
        labels.append(gate.subject.label)
        return judge_one(gate, judge)

    with patch.object(base, "_judge", counting):
        yield labels
