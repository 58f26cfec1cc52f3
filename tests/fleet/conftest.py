"""What all tests of the fleet share."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def workers_import_no_main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is started imports the main module, and would begin these tests anew."""
    main = sys.modules["__main__"]
    monkeypatch.delattr(main, "__file__", raising=False)
    monkeypatch.setattr(main, "__spec__", None)
