"""Writes the pages beside this folder; with the word ``shown``, what pages show of commands."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "examples" / "broken")]

from handbook import pages, shown  # noqa: E402  (found by the path above)

made = shown if sys.argv[1:] == ["shown"] else pages
for path, text in made.pages():
    path.write_text(text, encoding="utf-8")
