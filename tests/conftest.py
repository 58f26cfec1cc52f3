"""What all tests share: pytest's own test helper, and how hard Hypothesis tries.

``HYPOTHESIS_PROFILE`` chooses the profile. ``quick``, ``default`` and ``ci`` try the same examples
each time, so that a change is judged by itself; ``nightly`` looks for new ones. ``mutation`` is
``quick`` for changed code, of which nobody asks for the smallest example that shows it.
"""

from __future__ import annotations

import gc
import os
import sys
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

pytest_plugins = ["pytester"]

# An environment of tox leaves out what the others test.
_ROOT = Path(__file__).parent.parent
collect_ignore = [_ROOT / name for name in os.environ.get("ICP_TESTED_ELSEWHERE", "").split()]

# A run in CI refuses what one elsewhere takes; the tests decide which of the two theirs is.
os.environ.pop("CI", None)

# Without an option, one speaks the language of the locale.
os.environ.update(LANGUAGE="", LC_ALL="C.UTF-8")

# The modules whose answers are forgotten before a test of changed code.
KEEPING = ("pytest_icp.law.", "pytest_icp.facts.workdays")

# How fast the machine is does not decide whether a law holds.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

settings.register_profile("default", UNHURRIED, max_examples=50, derandomize=True)
settings.register_profile("quick", UNHURRIED, max_examples=10, derandomize=True)
settings.register_profile(
    "mutation",
    UNHURRIED,
    max_examples=25,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
)
settings.register_profile("ci", UNHURRIED, max_examples=300, derandomize=True)
settings.register_profile("fuzz", UNHURRIED, max_examples=1000, print_blob=True)
settings.register_profile("nightly", UNHURRIED, max_examples=5000, print_blob=True)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")
settings.load_profile(PROFILE)


def pytest_collection_finish() -> None:
    """Let the collector of garbage hardly visit what was collected: a tenth of the time of tests.

    It is old, and not frozen: Hypothesis looks for what refers to an object.
    """
    gc.freeze()
    gc.unfreeze()
    gc.set_threshold(100_000)


if PROFILE == "mutation":

    def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
        """Run the laws last: most changes are noticed before, by quicker tests."""
        items.sort(key=lambda item: "laws" in item.path.parts)

    @pytest.fixture(autouse=True)
    def nothing_kept() -> None:
        """Let each test reckon anew; an answer that is kept would hide the changed code."""
        modules = [vars(sys.modules[name]) for name in sys.modules if name.startswith(KEEPING)]
        for value in chain.from_iterable(module.values() for module in modules):
            if hasattr(value, "cache_clear"):
                value.cache_clear()
