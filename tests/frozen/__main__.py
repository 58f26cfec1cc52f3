"""Freezes verdicts and compares with them.

python -m tests.frozen compare [--all]            with verdicts.txt, but for differences.yaml
python -m tests.frozen compare --against COMMIT   with what that commit decides, word for word
python -m tests.frozen write                      adds what is new to verdicts.txt
python -m tests.frozen write --words              freezes words again, where nothing else differs
python -m tests.frozen write --anew               begins a new freeze
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.frozen.answers import Answers, digested, read, written
from tests.frozen.comparing import differences, entries, judged, report, with_new, with_words

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FROZEN, MEANT = HERE / "verdicts.txt", HERE / "differences.yaml"


def main() -> int:
    asked = _arguments()
    now = _decided()
    if asked.command == "lines":
        sys.stdout.write(written(now))
        return 0
    if asked.command == "write":
        frozen = {} if asked.anew else read(FROZEN.read_text("utf-8"))
        if asked.words:
            left, _ = judged(differences(frozen, digested(now)), entries(MEANT))
            frozen = with_words(frozen, left)
        FROZEN.write_text(written(with_new(frozen, digested(now))), "utf-8")
        return 0
    if asked.against:
        found, allowed = differences(read(_of_commit(asked.against)), now), []
    else:
        frozen = read(FROZEN.read_text("utf-8"))
        found, allowed = differences(frozen, digested(now)), entries(MEANT)
    said = report(*judged(found, allowed), every=asked.all)
    sys.stdout.write(said)
    return 1 if said else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.frozen",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    compare = commands.add_parser("compare")
    compare.add_argument("--against", metavar="COMMIT")
    compare.add_argument("--all", action="store_true")
    write = commands.add_parser("write")
    write.add_argument("--words", action="store_true")
    write.add_argument("--anew", action="store_true")
    commands.add_parser("lines")
    return parser.parse_args()


def _decided() -> Answers:
    sys.path.insert(0, str(ROOT / "examples" / "broken"))
    from tests.frozen.situations import answers

    return answers()


def _of_commit(commit: str) -> str:
    """Return the lines that another commit decides, by its own code."""
    archive = _output("git", "archive", commit, cwd=ROOT)
    with TemporaryDirectory(prefix="icp-commit-") as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        # An example may include what another one has: they are of one repository.
        (Path(folder) / ".git").mkdir()
        return _output(sys.executable, "-m", "tests.frozen", "lines", cwd=Path(folder)).decode()


def _output(*command: str, cwd: Path) -> bytes:
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
