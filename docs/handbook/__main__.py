"""Writes the pages beside this folder."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "examples" / "broken")]

from handbook.pages import pages  # noqa: E402  (found by the path above)

for path, text in pages():
    path.write_text(text, encoding="utf-8")
