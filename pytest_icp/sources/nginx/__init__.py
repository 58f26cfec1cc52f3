"""Source kind ``nginx``: sites and their home pages from an nginx configuration (nginx 配置).

Setting ``roots`` maps folders of the server to folders of the repository, both for home pages
(``/var/www: www``) and for includes (``/etc/nginx: nginx``). Files outside the repository are
never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.sources.nginx.config import Configuration
from pytest_icp.sources.nginx.directives import TEMPLATES, UnrenderedError
from pytest_icp.sources.nginx.sites import SiteReader
from pytest_icp.sources.request import Request

SUFFIXES = (".conf", ".vhost", ".nginx")
_SERVERS = re.compile(rb"\bserver(?:_name\b|\s*+\{)")


def read_nginx(request: Request) -> Derived:
    """Read a configuration, a part of one, or a folder of them.

    Raises `InputError` with file and line for a syntax error.
    """
    config = Configuration(request)
    reader = SiteReader(request, config)
    for path in _files(request):
        try:
            reader.add(config.tree(path))
        except UnrenderedError as error:
            reader.unread(error)
    for path in _templates(request):
        try:
            reader.add(config.tree(path))
        except InputError as error:
            reader.unread(error)
    return reader.derived()


def _files(request: Request) -> Sequence[Path]:
    """Return the main file of a folder, or all its files if it has none, without templates.

    Files in ``sites-enabled`` are often named after hosts, without a suffix.
    """
    try:
        files = list(request.files(*SUFFIXES))
    except InputError:
        files = [one for one in request.files("") if not one.name.lower().endswith(TEMPLATES)]
    return [file for file in files if file == request.path / "nginx.conf"] or files


def _templates(request: Request) -> Iterator[Path]:
    """Yield the templates of configurations in a folder: what they become is not in it."""
    try:
        files = list(request.files(*TEMPLATES))
    except InputError:
        return
    for file in files:
        named = file.name.lower().removesuffix(file.suffix.lower()).endswith(SUFFIXES)
        if file != request.path and (named or _has_servers(request, file)):
            yield file


def _has_servers(request: Request, file: Path) -> bool:
    try:
        return _SERVERS.search(request.read(file)) is not None
    except InputError:
        # It is told of when it is read.
        return True
