"""How a failing item is shown (表示): its text in full, within the columns that there are."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_USUAL = 80


def columns_of(config: pytest.Config) -> int:
    """Return how wide the terminal of a run is; there may be none, as with ``-p no:terminal``."""
    if config.pluginmanager.has_plugin("terminalreporter"):
        return config.get_terminal_writer().fullwidth
    return shutil.get_terminal_size((_USUAL, 24)).columns
