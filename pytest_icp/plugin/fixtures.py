"""Which description an ordinary Python test is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.description import Description
from pytest_icp.facts.files.disk import is_there
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.plugin.options import read_options
from pytest_icp.plugin.session import Refused, session_of
from pytest_icp.reports.errors import error_text

_NONE = Text(
    zh="{folder} 及其上级文件夹中没有描述文件",
    en="there is no description in {folder} or above it",
)
_SEVERAL = Text(zh="{folder} 有多份描述：{names}", en="{folder} has several descriptions: {names}")
_NAME_ONE = Text(zh="在 icp_description 中写明其中一份", en="name one in icp_description")
_NOT_THERE = Text(
    zh="icp_description 所指的文件不存在", en="the file named by icp_description does not exist"
)
_RELATIVE = Text(zh="路径相对于 {root}", en="the path is relative to {root}")


def nearest_description(request: pytest.FixtureRequest) -> Description:
    """Return the description named by the ini option, else the one nearest above the test.

    Its facts are as of the run's instant, as they are for every rule.

    Fails the test, without a traceback, when there is none, more than one in the nearest folder
    that has any, or one that cannot be read.
    """
    options = read_options(request.config)
    try:
        return _read(request)
    except InputError as error:
        said = error_text(error, options.language, request.config.rootpath)
    except Refused as refused:
        said = str(refused)
    pytest.fail(said, pytrace=False)


def _read(request: pytest.FixtureRequest) -> Description:
    config = request.config
    options, session = read_options(config), session_of(config)
    path = options.description or _nearest(request)
    if not is_there(path):
        hint = _RELATIVE.format(root=config.rootpath)
        raise InputError(_NOT_THERE, place=Place(path=path), hint=hint)
    read = session.descriptions
    if path not in read:
        read[path] = session.load(path).as_of(options.as_of)
    return read[path]


def _nearest(request: pytest.FixtureRequest) -> Path:
    config, folder = request.config, request.path.parent
    for up in (folder, *folder.parents):
        found = sorted({path for glob in read_options(config).files for path in up.glob(glob)})
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            raise _at_the_test(request, _SEVERAL.format(folder=up, names=names))
        if found:
            return found[0]
        if up == config.rootpath:
            break
    raise _at_the_test(request, _NONE.format(folder=folder))


def _at_the_test(request: pytest.FixtureRequest, message: Text) -> InputError:
    """Return what keeps a test from having a description, at the line of the test."""
    line = (request.node.location[1] or 0) + 1
    return InputError(message, place=Place(path=request.path, line=line), hint=_NAME_ONE)
