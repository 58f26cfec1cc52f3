"""How long descriptions take to decide, next to the least that any such run could take.

The floor is pytest alone, with as many empty tests as the description has obligations; for a
generated description it also parses the same bytes with `json.loads`.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import generate
from sides import BARE, Side, items, medians, table

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "etaoche"
AIM_EXAMPLE = 1.35
AIM_LARGE = 1.5
SUBJECTS = 100_000
PARSED = (
    "import json\nfrom pathlib import Path\n\nFACTS = json.loads(Path({path!r}).read_bytes())\n"
)


def main(subjects: int = SUBJECTS, rounds: int = 9) -> None:
    """Print both sides of the example and of a large description, and their ratios."""
    share = len(generate.WITH_HOSTS) / len(generate.KINDS)
    dated = 1 - len(generate.WITHOUT_DATES) / len(generate.KINDS)
    with tempfile.TemporaryDirectory() as name:
        example = Path(shutil.copytree(EXAMPLE, _folder(name, "example"), dirs_exist_ok=True))
        large = _folder(name, "large")
        written = generate.write(large, subjects)
        megabytes = written.stat().st_size / 1e6
        rows = [
            _row("the example", example, _folder(name, "floor"), "", AIM_EXAMPLE, rounds),
            _row(
                "… without the plugin of Hypothesis",
                example,
                _folder(name, "same"),
                "",
                AIM_EXAMPLE,
                rounds,
                off=("hypothesispytest",),
            ),
            _row(
                f"{subjects:,} subjects of JSON, {megabytes:.1f} MB",
                large,
                _folder(name, "parsing"),
                PARSED.format(path=str(written)),
                AIM_LARGE,
                rounds,
            ),
        ]
    print(
        f"medians of {rounds} fresh processes each; large: {len(generate.KINDS)} kinds of facts, "
        f"{dated:.0%} dated, {share:.0%} with hosts\n"
    )
    print(table(["description", "items", "seconds", "floor", "ratio", "aim"], rows))


def _folder(name: str, kind: str) -> Path:
    """Return a new folder that pytest takes for a project of its own."""
    folder = Path(name) / kind
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    return folder


def _row(
    title: str,
    ours: Path,
    floor: Path,
    prelude: str,
    aim: float,
    rounds: int,
    *,
    off: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Measure a description against its floor, with some plugins switched off."""
    switches = [switch for plugin in ("xdist", *off) for switch in ("-p", f"no:{plugin}")]
    side = Side(folder=ours, arguments=(*switches, "--icp-as-of", generate.AS_OF))
    output = side.run()
    if "::description" in output:
        sys.exit(output)  # it could not be read: nothing was decided
    number = items(output)
    empty = "".join(f"def test_{i}(): pass\n" for i in range(number))
    (floor / "test_empty.py").write_text(prelude + empty, "utf-8")
    found = medians({"ours": side, "floor": Side(folder=floor, environment=BARE)}, rounds)
    ratio = found["ours"] / found["floor"]
    return (
        title,
        str(number),
        f"{found['ours']:.3f}",
        f"{found['floor']:.3f}",
        f"{ratio:.2f}",
        f"{aim}",
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
