"""How long descriptions take to decide, next to the least that any such run could take.

The floor is pytest alone, with as many empty tests as the description has obligations; for a
generated description it also parses the same bytes with `json.loads`. Hypothesis brings a
plugin that imports it at the end of every run, so each is stated with that plugin on our
side, on both sides and on neither.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import generate
from sides import BARE, Side, items, medians, table

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "etaoche"
AIM = 1.5
AIM_LARGE = 2.5
LARGE = 10_000
"""So many subjects are decided as fast as the example, next to the floor."""
SUBJECTS = 100_000
OTHERS = ("xdist", "xdist.looponfail")
"""Plugins that are switched off on our side: the tests of the project need them, no run does."""
VARIANTS: dict[str, dict[str, bool]] = {
    "": {},
    ", Hypothesis's plugin on both sides": {"alike": True},
    ", on neither side": {"alike": True, "without_hypothesis": True},
}
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
        title = f"{subjects:,} subjects of JSON, {megabytes:.1f} MB"
        parsing = PARSED.format(path=str(written))
        aim = AIM_LARGE if subjects > LARGE else AIM
        rows = []
        for number, (how, variant) in enumerate(VARIANTS.items()):
            floors = _folder(name, f"floor-{number}"), _folder(name, f"parsing-{number}")
            rows += [
                _row(f"the example{how}", example, floors[0], "", AIM, rounds, **variant),
                _row(f"{title}{how}", large, floors[1], parsing, aim, rounds, **variant),
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
    alike: bool = False,
    without_hypothesis: bool = False,
) -> tuple[str, ...]:
    """Measure a description against its floor.

    ``alike`` gives the floor every plugin that our side has, but for our own.
    """
    off = (*OTHERS, "hypothesispytest") if without_hypothesis else OTHERS
    switches = [switch for plugin in off for switch in ("-p", f"no:{plugin}")]
    bare = Side(folder=floor, environment=BARE)
    least = Side(folder=floor, arguments=(*switches, "-p", "no:icp")) if alike else bare
    side = Side(folder=ours, arguments=(*switches, "--icp-as-of", generate.AS_OF))
    output = side.run()
    if "::description" in output:
        sys.exit(output)  # it could not be read: nothing was decided
    number = items(output)
    empty = "".join(f"def test_{i}(): pass\n" for i in range(number))
    (floor / "test_empty.py").write_text(prelude + empty, "utf-8")
    found = medians({"ours": side, "floor": least}, rounds)
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
