"""The command line in the language of its user."""

from __future__ import annotations

import argparse
import ast
import inspect
import re
from collections.abc import Iterator

import pytest

from pytest_icp.cli import main as cli
from pytest_icp.cli.arguments import OF_ARGPARSE, in_language, language_of
from pytest_icp.cli.main import main

FOR_AUTHORS = {
    ".__call__() not defined",
    "unknown parser %(parser_name)r (choices: %(choices)s)",
    'argument "-" with mode %r',
    "can't open '%(filename)s': %(error)s",
    "cannot merge actions - two groups are named %r",
    "'required' is an invalid argument for positionals",
    "invalid option string %(option)r: must start with a character %(prefix_chars)r",
    "dest= is required for options like %r",
    "invalid conflict_resolution value: %r",
    "conflicting option string: %s",
    "conflicting option strings: %s",
    "conflicting subparser: %s",
    "conflicting subparser alias: %s",
    "mutually exclusive arguments must be optional",
    "cannot have multiple subparser arguments",
    "unexpected option string: %s",
    "%r is not callable",
    # What is not used here: another title and ending, and what is deprecated.
    "subcommands",
    "%(prog)s: error: %(message)s\n",
    "%(prog)s: warning: %(message)s\n",
    "%(heading)s:",
    " (default: %(default)s)",
    "option '%(option)s' is deprecated",
    "command '%(parser_name)s' is deprecated",
    "argument '%(argument_name)s' is deprecated",
}
"""What Python's parser says to who writes the code that uses it."""


def test_everything_that_python_says_to_a_user_is_translated() -> None:
    calls = (one for one in ast.walk(ast.parse(inspect.getsource(argparse))))
    said = {
        text.value
        for call in calls
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"_", "ngettext"}
        for text in call.args
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    }
    assert said - FOR_AUTHORS <= OF_ARGPARSE.keys()
    assert len(said & OF_ARGPARSE.keys()) > 10
    for en, zh in OF_ARGPARSE.items():
        assert sorted(re.findall(r"%\S*?[rs]", zh)) == sorted(re.findall(r"%\S*?[rs]", en))


def helps() -> Iterator[str]:
    for parser in parsers(cli.parser_in("both")):
        yield from (action.help or "" for action in parser._actions)


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from parsers(inner)


def test_every_help_text_is_in_both_languages() -> None:
    texts = [text for text in helps() if text and text != "show this help message and exit"]
    assert len(texts) > 100
    for text in texts:
        zh, en = in_language(text, "zh"), in_language(text, "en")
        assert re.search("[一-鿿]", zh), text
        assert not re.search("[一-鿿]", en), text
        assert "(default: " not in en or "默认" in zh, text


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        (["facts"], {}, "en"),
        (["facts"], {"LANG": "en_US.UTF-8"}, "en"),
        (["facts"], {"LANG": "zh_CN.UTF-8"}, "zh"),
        (["facts"], {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        (["facts", "--lang", "zh"], {"LANG": "en_US.UTF-8"}, "zh"),
        (["facts", "--lang=en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["facts", "--lang", "both"], {"LANG": "zh_CN.UTF-8"}, "both"),
        (["facts", "--lang", "fr"], {}, "both"),
    ],
)
def test_the_language_of_a_command_line(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    assert language_of(arguments, environment) == language


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        ("explain", "缺少参数：RULE"),
        ("evaluate x --since", "参数 --since：须有一个值"),
        ("evaluate x --format y", "'y' 不在可选值之中："),
        ("evaluate x --s y", "选项 --s 有歧义，可以是 --source, --select, --since, --staged"),
        ("deadlines x --staged=1", "不认识的参数：--staged=1"),
        ("evaluate x --staged=1", "参数 --staged：不需要值，而给出了 '1'"),
    ],
)
def test_a_wrong_command_line_in_chinese(
    arguments: str,
    wrong: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(arguments.split()) == 4
    said = capsys.readouterr().err
    assert said.startswith("用法：pytest-icp")
    assert wrong in said
    # Others that use the same parser are not spoken for.
    assert "usage: " in argparse.ArgumentParser(prog="x").format_usage()


def test_the_commands_in_one_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main([]) == 2
    said = capsys.readouterr().out
    assert "\n描述与核对:\n" in said
    assert "解释一项规则或一条规定" in said
    assert "explain a rule" not in said
    monkeypatch.setenv("LC_ALL", "C")
    assert main(["--lang", "zh"]) == 2
    assert capsys.readouterr().out == said
    assert main(["facts", "--help", "--lang", "en"]) == 0
    assert not re.search("[一-鿿]", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["evalute"], "evaluate"),
        (["fleet-report"], "fleet report"),
        (["evaluate", "x", "--unknown", "fial"], "fail"),
        (["init", "--select", "depolyed"], "deployed"),
        (["evaluate", "x", "--asof=2026-01-01"], "--as-of"),
    ],
)
def test_a_misspelt_word_is_offered(
    arguments: list[str], near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 4
    assert capsys.readouterr().err.endswith(f"\n  = did you mean '{near}'?\n")


def test_a_misspelt_word_is_offered_in_the_language_of_its_user(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for language, said in (("zh", "是否指 '--select'？"), ("en", "did you mean '--select'?")):
        assert main(["evaluate", "x", "--selct", "SP12", "--lang", language]) == 4
        assert capsys.readouterr().err.endswith(f"\n  = {said}\n")


@pytest.mark.parametrize("arguments", ["quux", "facts x y", "facts -z", "facts --lang quux"])
def test_a_word_that_is_like_none_is_only_refused(
    arguments: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments.split()) == 4
    assert "  = " not in capsys.readouterr().err


@pytest.mark.parametrize("language", [["--lang", "zh"], ["--lang=zh"]])
def test_the_language_may_stand_before_the_command(
    language: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*language, "explain", "SP12/renewal"]) == 0
    assert "提前90日申请延续" in capsys.readouterr().out
    assert main([*language, "explain", "SP12/renewal", "--lang", "en"]) == 0
    assert "Renewal is applied for 90 days ahead" in capsys.readouterr().out
    assert main([*language, "fleet", "report", "no-such-folder"]) == 4
    assert re.search("[一-鿿]", capsys.readouterr().err)
    assert main([*language, "fleet", "report", "--help"]) == 0
    assert capsys.readouterr().out.startswith("用法：pytest-icp fleet report ")
