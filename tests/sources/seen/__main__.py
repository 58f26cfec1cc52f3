"""Count how many facts of public files are read as a person saw them.

``python -m tests.sources.seen`` prints a row for each kind of source: how many files and facts,
how many of these are right, missed or wrong, and what they are.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.sources.seen.reading import expected, files, found, missed


def main() -> None:
    """Print the table, and below it what differs."""
    counts: dict[str, Counter[str]] = {}
    differs: list[str] = []
    for one in files():
        with tempfile.TemporaryDirectory() as folder:
            told, seen = found(one, Path(folder)), expected(one) + missed(one)
        row = counts.setdefault(one["kind"], Counter())
        row.update(files=1, facts=seen.total(), right=(told & seen).total())
        row.update(missed=(seen - told).total(), wrong=(told - seen).total())
        differs += [f"missed {one['from']}: {fact}" for fact in seen - told]
        differs += [f"wrong  {one['from']}: {fact}" for fact in told - seen]
    counts["all"] = sum(counts.values(), Counter())
    lines = [f"{'kind':14}{'files':>6}{'facts':>6}{'right':>6}{'missed':>7}{'wrong':>6}"]
    for kind, row in counts.items():
        files_, facts, right = row["files"], row["facts"], row["right"]
        lines.append(f"{kind:14}{files_:6}{facts:6}{right:6}{row['missed']:7}{row['wrong']:6}")
    sys.stdout.write("\n".join([*lines, *differs, ""]))


if __name__ == "__main__":
    main()
