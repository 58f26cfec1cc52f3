"""No text makes a regular expression take longer than its length allows."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from time import process_time

import pytest

from tests.attack.regexes import Regex, hard_texts, regexes

OURS = {
    "pytest_icp.sources.zone._BEFORE": "the name of a file, of at most 255 bytes",
    "pytest_icp/law/places.py": "the tables above it",
}
"""Patterns that never see a long text of others, and what they see."""

SHORT = (20, 40, 200)
"""Tried first: what takes exponential time never comes to the long ones."""

LONG = 2000
FAST = 0.002
"""Seconds in which a text of that length is read by what takes linear time."""


CERTAIN = 0.1
"""Seconds that no linear time comes near, whatever else the machine does."""

STEEP = 8
"""How much longer four times the length may take: linear time takes 4 times, quadratic 16."""


def seconds(run: Callable[[str | bytes], object], text: str | bytes) -> float:
    begun = process_time()
    run(text)
    return process_time() - begun


def fastest(run: Callable[[str | bytes], object], text: str | bytes, times: int = 5) -> float:
    """Return the shortest of several times: what disturbs one of them does not count."""
    return min(seconds(run, text) for _ in range(times))


def too_slow(regex: Regex, start: str, repeated: str, end: str) -> str:
    """Return the text that takes longer than its length allows, if there is one."""
    for run in regex.runs:
        for length in (*SHORT, LONG):
            text = text_of(regex, start, repeated, length, end)
            took = seconds(run, text)
            # What takes exponential time is not run five times.
            took = took if took <= FAST else fastest(run, text, 5 if took <= CERTAIN else 1)
            if took <= FAST:
                continue
            if length < LONG or took > CERTAIN or not is_linear(regex, run, start, repeated, end):
                return f"{start[:40]!r} + {repeated[:40]!r} * {length} + {end!r}"
    return ""


def is_linear(
    regex: Regex,
    run: Callable[..., object],
    start: str,
    repeated: str,
    end: str,
) -> bool:
    """Whether the time grows as the length does, from one to four to sixteen times as much."""
    short, long, longest = (
        text_of(regex, start, repeated, n, end) for n in (LONG // 4, LONG, LONG * 4)
    )
    once, more = fastest(run, short), fastest(run, long)
    return more <= STEEP * once or fastest(run, longest, 2) <= STEEP * more


def text_of(regex: Regex, start: str, repeated: str, length: int, end: str) -> str | bytes:
    text = start + repeated * (length // len(repeated) + 1) + end
    return text.encode() if isinstance(regex.pattern.pattern, bytes) else text


def is_ours(regex: Regex) -> bool:
    return any(regex.where.startswith(name) for name in OURS)


@pytest.fixture(scope="module")
def every() -> list[Regex]:
    return [regex for regex in regexes() if not is_ours(regex)]


def test_every_pattern_is_found(every: list[Regex]) -> None:
    """Those of modules, of calls, of schemas and of policies."""
    found = " ".join(regex.where for regex in every)
    for where in (
        "hosts._CALL",
        "html._COMMAND",
        "licence.schema.json",
        "SP07.yaml",
    ):
        assert where in found
    assert len(every) > 250


def test_each_takes_time_by_the_length_of_the_text(every: list[Regex]) -> None:
    slow = [
        f"{regex.where}: {text}"
        for regex in every
        if (
            text := next(
                filter(None, (too_slow(regex, *one) for one in hard_texts(regex.pattern))), ""
            )
        )
    ]
    assert not slow, "\n".join(slow)


@pytest.mark.parametrize("pattern", [r"(?:a+)+b", r"^\s*x", r"\s*x", r"(?:a|a)*b", r"a.*b.*c"])
def test_one_that_takes_longer_is_noticed(pattern: str) -> None:
    regex = Regex(re.compile(pattern, re.MULTILINE), "here", anywhere=True)
    assert any(too_slow(regex, *one) for one in hard_texts(regex.pattern))


def test_a_machine_that_is_busy_now_and_then_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, undisturbed = count(), seconds

    def disturbed(run: Callable[[str | bytes], object], text: str | bytes) -> float:
        return undisturbed(run, text) + (CERTAIN / 2 if next(taken) % 3 == 0 else 0)

    monkeypatch.setattr("tests.attack.test_regexes.seconds", disturbed)
    for pattern in (r"a++b", r"(?:ab)*+c", r"^\s*+x"):
        regex = Regex(re.compile(pattern), "here", anywhere=False)
        assert not any(too_slow(regex, *one) for one in hard_texts(regex.pattern))
    assert next(taken) > 3
