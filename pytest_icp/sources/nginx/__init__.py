"""Source kind ``nginx``: sites and their home pages from an nginx configuration (nginx 配置).

Setting ``roots`` maps folders of the server to folders of the repository, both for home pages
(``/var/www: www``) and for includes (``/etc/nginx: nginx``). Files outside the repository are
never read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pytest_icp.facts.derived import Derived
from pytest_icp.facts.files.garbage import collector_spared
from pytest_icp.law.errors import InputError
from pytest_icp.sources.nginx.config import Configuration
from pytest_icp.sources.nginx.sites import SiteReader
from pytest_icp.sources.request import Request

SUFFIXES = (".conf", ".vhost", ".nginx")


@collector_spared()
def read_nginx(request: Request) -> Derived:
    """Read a configuration, a part of one, or a folder of them.

    Raises `InputError` with file and line for a syntax error.
    """
    config = Configuration(request)
    reader = SiteReader(request, config)
    for path in _files(request):
        reader.add(config.tree(path))
    return reader.derived()


def _files(request: Request) -> Sequence[Path]:
    """Return the main file of a folder, or all its files if it has none.

    Files in ``sites-enabled`` are often named after hosts, without a suffix.
    """
    try:
        files = list(request.files(*SUFFIXES))
    except InputError:
        files = list(request.files(""))
    return [file for file in files if file == request.path / "nginx.conf"] or files
