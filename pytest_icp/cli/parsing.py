"""How the command line is read (命令行): exit codes and help as of pytest, widths of Chinese."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from pytest_icp.reports.layout import wrap

USAGE_ERROR = 4
"""The exit code for a wrong command line or an unusable file, as in pytest."""


class Parser(argparse.ArgumentParser):
    """A parser that exits with pytest's code for usage errors."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and what is wrong, and exit."""
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")


class Help(argparse.RawDescriptionHelpFormatter):
    """Wraps help texts by display width: Chinese characters take two columns."""

    def add_argument(self, action: argparse.Action) -> None:
        """Make room for the longest command, which argparse measures without its indentation."""
        super().add_argument(action)
        if action.nargs == argparse.PARSER:
            widest = 4 + max(len(name) for name in action.choices or ())
            self._action_max_length = max(self._action_max_length, widest)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width)
