"""The garbage collector is left as the program that runs pytest has set it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.plugin.conftest import Infra


@pytest.fixture
def unfrozen() -> Iterator[None]:
    """What the tests have frozen is not for a while."""
    gc.unfreeze()
    yield
    gc.freeze()


@pytest.mark.usefixtures("unfrozen")
def test_what_was_not_frozen_is_not_after_a_run(infra: Infra) -> None:
    assert gc.get_freeze_count() == 0
    infra.run()
    assert gc.get_freeze_count() == 0


@pytest.mark.usefixtures("unfrozen")
def test_what_a_program_froze_stays_frozen(infra: Infra) -> None:
    gc.freeze()
    try:
        infra.run()
        # Some of it is given up meanwhile; what lives stays frozen.
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
