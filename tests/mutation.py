"""Changes code in one place at a time, and names the changes that no test notices.

python -P tests/mutation.py                            the code of dates, scopes and conditions
python -P tests/mutation.py pytest_icp/kinds/dated …   other parts of the package: files, folders

Changes that make no difference to anybody stand in equivalent_changes.yaml, each with the reason.
Any other that is found fails, and so does one in that list that is not found.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec

LISTED = Path(__file__).with_name("equivalent_changes.yaml")
KINDS, TESTS_OF_KINDS = "pytest_icp/kinds", ["tests/kinds", "tests/test_cases.py"]

_Words = Annotated[str, msgspec.Meta(min_length=1)]


class Change(NamedTuple):
    """A line of a function (``pytest_icp/law/x.py: Class.name``), and what is written instead."""

    function: str
    line: str
    becomes: str


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Changes of one line, and why they make no difference."""

    function: _Words
    line: _Words
    becomes: Annotated[list[str], msgspec.Meta(min_length=1)]
    reason: _Words


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    equivalent: list[Entry]


def entries(path: Path) -> list[Change]:
    """Read the changes that make no difference.

    Raises `msgspec.ValidationError` if an entry is invalid.
    """
    file = msgspec.yaml.decode(path.read_bytes(), type=_File)
    return [
        Change(entry.function, entry.line, becomes)
        for entry in file.equivalent
        for becomes in entry.becomes
    ]


def change(function: str, diff: str) -> Change:
    """Read what `mutmut show` prints; lines that were broken are one line again."""
    lines = diff.splitlines()[2:]
    old, new = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return Change(function, old, new)


def report(found: Iterable[Change], listed: Iterable[Change]) -> str:
    """Return what is wrong: what is not listed, and what is listed and not found."""
    new, unused = Counter(found) - Counter(listed), Counter(listed) - Counter(found)
    return "".join(
        f"{problem} {one.function}\n  - {one.line}\n  + {one.becomes}\n"
        for problem, some in (
            ("no test notices this change of", new),
            (f"not found, but listed in {LISTED.name}:", unused),
        )
        for one in sorted(some.elements())
    )


def main(parts: Sequence[str]) -> int:
    from mutmut.__main__ import cli
    from mutmut.configuration import config

    settings = config()
    paths = [Path(part) for part in parts]
    for path in paths:
        if not path.exists():
            sys.exit(f"there is no {path}")
    if paths:
        settings.only_mutate = [name for path in paths for name in (str(path), f"{path}/*")]
    if any(path.is_relative_to(KINDS) for path in paths):
        settings.pytest_add_cli_args_test_selection = TESTS_OF_KINDS
    cli(["run", "--max-children", "1"], standalone_mode=False)
    listed = [one for one in entries(LISTED) if settings.should_mutate(one.function.split(":")[0])]
    found = [*_unnoticed()]
    said = report(found, listed)
    sys.stdout.write(f"\n{said}{len(found)} changes are not noticed, {len(listed)} are listed\n")
    return 1 if said else 0


def _unnoticed() -> Iterator[Change]:
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.mutation.diff_apply import get_diff_for_mutant
    from mutmut.stats import status_by_exit_code
    from mutmut.utils.file_utils import walk_mutatable_files
    from mutmut.utils.format_utils import orig_function_and_class_names_from_key

    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for name, code in data.exit_code_by_key.items():
            if status_by_exit_code[code] not in {"killed", "timeout"}:
                function, of = orig_function_and_class_names_from_key(name)
                where = f"{path}: {f'{of}.' if of else ''}{function}"
                yield change(where, get_diff_for_mutant(name, path=path))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
