"""Configuration files of Python's logging: by time, by size, in INI, YAML and JSON."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.log_retention.reading import read, remarks, spans, stores, traced


def dictionary(handler: str) -> str:
    return f"version: 1\nhandlers:\n  file: {{{handler}}}\n"


TIMED = "class: logging.handlers.TimedRotatingFileHandler, filename: a.log"
SIZED = "class: logging.handlers.RotatingFileHandler, filename: a.log"


def kept(text: str, name: str = "logging.yaml") -> Any:
    (store,) = stores(read(name, text)).values()
    return spans(store)


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("when: midnight, backupCount: 30", ({"days": 30}, None)),
        ("when: D, interval: 2, backupCount: 15", ({"days": 30}, None)),
        ("backupCount: 48", ({"days": 2}, None)),
        ("when: W6, backupCount: 30", ({"days": 210}, None)),
        ("when: M, backupCount: 30", ({"days": 0}, None)),
        ("when: midnight, backupCount: 30, maxBytes: 9", (None, {"days": 30})),
        ("when: midnight", (None, None)),
        ("when: midnight, backupCount: 0", (None, None)),
        ("when: midnight, backupCount: [1]", (None, None)),
        ("when: midnight, backupCount: '${N}'", (None, None)),
        ("when: 1, backupCount: 30", (None, None)),
        ("when: fortnight, backupCount: 30", (None, None)),
        ("interval: x, backupCount: 30", (None, None)),
    ],
)
def test_a_handler_by_time(settings: str, found: Any) -> None:
    assert kept(dictionary(f"{TIMED}, {settings}")) == found


def test_a_period_is_traced_to_its_line() -> None:
    text = dictionary(f"{TIMED}, when: D,\n backupCount: 30")
    derived = read("logging.yaml", text)
    assert list(stores(derived)) == ["logging.yaml:file"]
    assert traced(derived, "retention") == (4, "file", "backupCount", "known")


@pytest.mark.parametrize(
    ("settings", "remark"),
    [
        ("maxBytes: 9, backupCount: 5", "limited by size or number of files (backupCount 5)"),
        ("maxBytes: 9", "nothing here deletes it"),
        ("backupCount: 5", "nothing here deletes it"),
    ],
)
def test_a_handler_by_size(settings: str, remark: str) -> None:
    derived = read("logging.yaml", dictionary(f"{SIZED}, {settings}"))
    assert remark in remarks(derived)[0]


def test_handlers_below_a_key_and_of_other_types() -> None:
    derived = read(
        "config.json",
        '{"log": {"version": 1, "handlers": {"access": {"class": "logging.FileHandler", '
        '"filename": "a.log"}, "out": {"class": "logging.StreamHandler"}, "x": 1, '
        '"y": {"()": "my.FileHandler2"}}}, "a": {"b": {"version": 1, "handlers": {}}}}',
    )
    assert stores(derived) == {"config.json:access": {"kinds": ["access"], "retention": None}}
    assert derived.unmapped == {"my.FileHandler2": 1}


def test_a_document_that_is_no_object_has_no_handler() -> None:
    with pytest.raises(InputError):
        read("logging.yaml", "- FileHandler")


def test_a_document_that_cannot_be_read_is_a_gap() -> None:
    (gap,) = read("logging.yaml", dictionary(TIMED) + "---\na: !x\n").gaps
    assert gap.kinds == {"log_stores"}


INI = """[loggers]
keys=root

[handler_file]
class=handlers.TimedRotatingFileHandler
level=INFO
args={args}
{more}
[handler_out]
class=StreamHandler
args=(sys.stdout,)
[formatter_x]
"""


@pytest.mark.parametrize(
    ("args", "more", "days"),
    [
        ("('a.log', 'midnight', 1, 30)", "", 30),
        ("(os.path.join('a', 'b'), 'D', 2, 15, 'utf-8')", "", 30),
        ("('a.log',)", "kwargs={'when': 'D', 'backupCount': 30, **x}", 30),
        ("(\n  'a.log', # the file\n  'D',\n  1, 30)", "", 30),
        ("['a.log', 'D', N, 30]", "", None),
        ("('a.log', 'D', True, 30)", "", None),
        ("('a.log', 'D', 1, N)", "", None),
        ("('a.log', 'D'", "", None),
        ("'a\\d.log'", "", None),
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_handler_in_ini(args: str, more: str, days: int | None) -> None:
    derived = read("logging.conf", INI.format(args=args, more=more))
    assert stores(derived) == {"logging.conf:file": {"retention": days and {"days": days}}}
    assert traced(derived, "id")[0] == 4
    assert traced(derived, "retention")[0] in {4, 7}


def test_sizes_in_ini_are_not_reckoned() -> None:
    text = INI.format(args="('a.log', 'a', 10*1024, N)", more="").replace("TimedR", "R")
    assert "(backupCount …)" in remarks(read("logging.conf", text))[0]


def test_ini_with_keyword_arguments_alone() -> None:
    text = "[handler_a]\nclass=handlers.TimedRotatingFileHandler\nkwargs={'backupCount': 24}\n"
    derived = read("logging.ini", text)
    assert stores(derived) == {"logging.ini:a": {"retention": {"days": 1}}}
    assert traced(derived, "retention")[0] == 3


def test_ini_without_a_file_is_refused() -> None:
    with pytest.raises(InputError):
        read("logging.conf", "[handler_a]\nargs=()\n")


@pytest.mark.parametrize(
    ("more", "writes"),
    [
        ("", True),
        ("root: {handlers: [file]}", True),
        ("root: {handlers: []}", False),
        ("root: {level: INFO}", False),
        ("loggers: {a: {handlers: [file]}, b: 1}", True),
        ("root: {handlers: [queue]}", True),
        ("root: {handlers: [memory]}", True),
        ("root: {handlers: [x]}", False),
    ],
)
def test_what_nothing_logs_to_is_no_store(more: str, writes: bool) -> None:
    text = f"""version: 1
handlers:
  file: {{class: logging.FileHandler, filename: a.log}}
  queue: {{class: logging.handlers.QueueHandler, handlers: [cfg://handlers.file]}}
  memory: {{class: logging.handlers.MemoryHandler, target: file}}
  x: 1
{more}
"""
    derived = read("logging.yml", text)
    assert list(stores(derived)) == ["logging.yml:file"] * writes
    idle = "logging.yml: nothing logs to file, which are no stores of logs for that reason"
    assert (idle in remarks(derived)) is not writes


@pytest.mark.parametrize(
    ("loggers", "writes"),
    [
        ("[logger_root]\nhandlers=file", True),
        ("[logger_root]\nlevel=INFO\n[logger_a]\nhandlers = x , file", True),
        ("[logger_root]\nhandlers=memory", True),
        ("[logger_root]\nhandlers=", False),
    ],
)
def test_loggers_in_ini(loggers: str, writes: bool) -> None:
    text = "[handler_file]\nclass=FileHandler\nargs=('a.log',)\n"
    text += "[handler_memory]\nclass=handlers.MemoryHandler\ntarget=file\n"
    derived = read("logging.conf", f"{text}{loggers}\n")
    assert list(stores(derived)) == ["logging.conf:file"] * writes
