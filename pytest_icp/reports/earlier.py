"""Reads JSON Lines reports (以前的报告), to compare one with another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from pytest_icp.facts.files.source import MEGABYTE, read_bytes
from pytest_icp.kinds.standing import OPEN, Standing
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Location, Place
from pytest_icp.law.text import Text
from pytest_icp.reports.jsonl import NOT_JUDGED, RECORD, jsonl
from pytest_icp.reports.record import Role
from pytest_icp.reports.run import VERSION, Run
from pytest_icp.reports.since import UNJUDGED, Line, State

_LARGEST = 512 * MEGABYTE
_NO_LINE = Text(
    zh="不是 pytest-icp 的 JSON Lines 报告", en="this is no JSON Lines report of pytest-icp"
)
_WRITE_ONE = Text(zh="由 --icp-report=jsonl=文件 写出", en="--icp-report=jsonl=FILE writes one")
_FOUND = frozenset({*OPEN, Standing.WAIVED, Standing.DECIDED})
_DIGEST = 12


def state_in(path: Path, name: str) -> State:
    """Return the state that a report is of; raises `InputError` for what is no report."""
    return _state(list(_lines(path, read_bytes(path, root=None, limit=_LARGEST))), name)


def state_of(run: Run, name: str = "") -> State:
    """Return the state that the report of a run is of."""
    return _state(list(_lines(Path(), jsonl(run).encode())), name)


def unread_errors(state: State) -> list[InputError]:
    """Return why nothing is known of a state, or of a description of it."""
    return [
        InputError(UNJUDGED.format(message=one.message), place=_place(one.place))
        for one in state.unjudged
        if one.description in state.unread
    ]


def _place(spot: Location) -> Place | None:
    return Place(path=Path(spot.path), line=spot.line, column=spot.column) if spot.path else None


def _lines(path: Path, raw: bytes) -> Iterator[Line]:
    decode = msgspec.json.Decoder(Line).decode
    for n, text in enumerate(raw.splitlines(), 1):
        if not text.strip():
            continue
        try:
            line = decode(text)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            line = None
        if line is None or line.version != VERSION:
            raise InputError(_NO_LINE, place=Place(path=path, line=n), hint=_WRITE_ONE)
        yield line


def _state(lines: list[Line], name: str) -> State:
    read = [one for one in lines if one.rules is not None]
    rules = {(one.description, rule): how for one in read for rule, how in _rules(one)}
    # What a Python test found is compared with nothing.
    found = (one for one in lines if one.grade in _FOUND and (one.description, one.rule) in rules)
    as_of = max((one.as_of for one in lines), default="")
    return State(
        name=name,
        day=as_of[:10],
        as_of=as_of,
        rules=rules,
        findings={one.key: one for one in found},
        upcoming={
            (one.description, rule, subject): last
            for one in read
            for rule, subjects in one.upcoming.items()
            for subject, last in subjects.items()
        },
        elements={
            one.description: frozenset(
                f"{kind}: {id_}" for kind, ids in one.elements.items() for id_ in ids
            )
            for one in read
        },
        unjudged=tuple(one for one in lines if one.grade == NOT_JUDGED),
        settings=dict(_settings(lines)),
    )


def _rules(line: Line) -> Iterable[tuple[str, Standing]]:
    return line.rules.items() if line.rules else ()


def _settings(lines: Iterable[Line]) -> Iterator[tuple[str, str]]:
    """Yield the options that a run was judged by, and its own policies in the repository."""
    for line in lines:
        if line.grade == RECORD:
            yield from line.settings.items()
            for one in line.digests:
                if one.role is Role.POLICY and not one.path.startswith("../"):
                    yield one.path, one.sha256[:_DIGEST]
