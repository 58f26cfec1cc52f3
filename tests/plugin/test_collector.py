"""The garbage collector is left as the program that runs pytest has set it."""

from __future__ import annotations

import gc

from tests.plugin.conftest import Infra


def test_what_was_not_frozen_is_not_after_a_run(infra: Infra) -> None:
    assert gc.get_freeze_count() == 0
    infra.run()
    assert gc.get_freeze_count() == 0


def test_what_a_program_froze_stays_frozen(infra: Infra) -> None:
    gc.freeze()
    try:
        infra.run()
        # Some of it is given up meanwhile; what lives stays frozen.
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
