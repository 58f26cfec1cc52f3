"""Source kind ``serverless``: Serverless Devs, CloudBase, Serverless Framework and components."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_icp.facts.files.opening import is_folder
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.serverless.devs import is_devs, read_devs
from pytest_icp.sources.serverless.framework import is_framework, read_framework
from pytest_icp.sources.serverless.gathered import EVERY, read
from pytest_icp.sources.serverless.tencent import (
    is_cloudbase,
    is_component,
    read_cloudbase,
    read_component,
)

if TYPE_CHECKING:
    from pytest_icp.facts.derived import Derived
    from pytest_icp.sources.documents import Read
    from pytest_icp.sources.request import Request

_NAME = re.compile(r"s\.ya?ml|s\.[\w.-]+\.ya?ml|serverless\.(?:ya?ml|json)|cloudbaserc\.json")
_READERS = (
    (is_devs, read_devs),
    (is_component, read_component),
    (is_framework, read_framework),
    (is_cloudbase, read_cloudbase),
)


def read_serverless(request: Request) -> Derived:
    """Read serverless files (无服务器应用): functions are servers, their domains sites.

    A variable has its value if that stands in the file; what another decides is not known.

    Raises `InputError` if there is no serverless application.
    """
    into = Gathering(request)
    whole = request.given is not None or not is_folder(request.path)
    applications = 0
    for path in request.files(".yaml", ".yml", ".json"):
        if not (whole or _NAME.fullmatch(path.name)):
            continue
        try:
            found = read(request, path)
        except InputError as error:
            if whole:
                raise
            into.refused(error, path, *EVERY)
            applications += 1
            continue
        applications += sum(_application(request, one, into) for one in found)
    if not applications:
        raise InputError(_NONE, place=Place(path=request.path))
    return into.derived()


def _application(request: Request, one: Read, into: Gathering) -> bool:
    """Add what a document tells; whether it is an application, or cannot be read."""
    if not isinstance(one, Document):
        into.gap(one.message, one.place, *EVERY)
        return True
    data = one.data
    for is_one, reads in _READERS:
        if isinstance(data, dict) and is_one(data):
            reads(request, one, into)
            into.repeated(one, *EVERY)
            return True
    return False


_NONE = Text(
    zh="没有 Serverless 应用：需要 Serverless Devs、CloudBase 或 Serverless Framework 的文件",
    en="no serverless application: a file of Serverless Devs, CloudBase or the Serverless "
    "Framework is needed",
)
