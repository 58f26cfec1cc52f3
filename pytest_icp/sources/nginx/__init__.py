"""Source kind ``nginx``: sites and their home pages out of an nginx configuration (nginx 配置).

Setting ``roots`` maps folders of the server to folders of the repository, both for home pages
(``/var/www: www``) and for includes (``/etc/nginx: nginx``). Nothing else of the machine is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.sources.nginx.config import Configuration
from pytest_icp.sources.nginx.sites import Reader
from pytest_icp.sources.request import Request

SUFFIXES = (".conf", ".vhost", ".nginx")


def read_nginx(request: Request) -> Derived:
    """Read a configuration, a part of one, or a folder of them.

    Raises `InputError` with file and line for what nginx itself could not read.
    """
    roots = request.settings.get("roots")
    config = Configuration(request, _strings(roots))
    reader = Reader(request, config)
    for path in _files(request):
        reader.take(config.tree(path))
    return reader.derived()


def _strings(roots: object) -> dict[str, str]:
    pairs = roots.items() if isinstance(roots, Mapping) else ()
    return {str(there): str(here) for there, here in pairs}


def _files(request: Request) -> Sequence[Path]:
    """Return the main file of a folder, or all parts where it has none.

    Parts in ``sites-enabled`` often have the names of hosts, without an ending of their own.
    """
    try:
        files = list(request.files(*SUFFIXES))
    except InputError:
        files = list(request.files(""))
    return [file for file in files if file == request.path / "nginx.conf"] or files
