"""What in an nginx server may show a visitor of a path something else than its file (条件).

Conditions are not evaluated. What one cannot change for a page that a browser asks for is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pytest_icp.sources.nginx.directives import Directive
from pytest_icp.sources.nginx.locations import PASSES, matches

_SCRIPTS = frozenset({"rewrite_by_lua", "rewrite_by_lua_block", "rewrite_by_lua_file"})
# Of a path alone there is no query, and its folder is there.
_FALSE = re.compile(r"\$(?:arg_\w+|args|query_string|is_args)\b|!-[de]\s+\$request_filename\Z")
_METHOD = re.compile(r"\$request_method\b(?!\s*+[=~]\*?\s*+[\"']?\^?\(?GET)")
_OF_PATH = re.compile(r"\$(?:request_uri|uri|document_uri)\s++(=|~\*?)\s++[\"']?(.*?)[\"']?")
_ELSEWHERE = re.compile(r"(?:https?|\$\w+)://")
_REFUSES = re.compile(r"[45]\d\d")
_PARTS = re.compile(
    r"(?:^|[/_.-])(?:ssl|tls|letsencrypt|certbot|acme|params|mime|fastcgi|gzip|brotli|headers?"
    r"|security|hsts|cors|logs?|logging|expires|cache|deny|block|limits?|modules)(?=[/_.-]|\Z)",
    re.IGNORECASE,
)
"""Names of files that are included for something else than pages."""


def doubt(block: Iterable[Directive], uri: str) -> Directive | None:
    """Return what in a block may answer a path with something that is not known, if anything.

    That are conditions, scripts that rewrite, and files that are not in the repository.
    """
    for one in block:
        if one.name in _SCRIPTS or (one.name == "if" and _strays(one, uri)):
            return one
        if one.name == "include" and not _PARTS.search("".join(one.args)):
            return one
    return None


def _strays(condition: Directive, uri: str) -> bool:
    written = " ".join(condition.args).strip("() ")
    if _FALSE.match(written) or _METHOD.match(written):
        return False
    compared = _OF_PATH.fullmatch(written)
    if compared:
        how, pattern = compared.groups()
        if pattern != uri if how == "=" else matches(pattern, uri, folded=how == "~*") is False:
            return False
    return any(_leads(one, uri) for one in condition.block or ())


def _leads(directive: Directive, uri: str) -> bool:
    """Whether a directive in a condition leads to another page of the host, or makes one."""
    args = directive.args
    if directive.name == "rewrite" and len(args) > 1:
        return matches(args[0], uri) is not False and not _ELSEWHERE.match(args[1])
    if directive.name == "return" and args:
        # Another host has a page of its own; the same one with TLS shows the same.
        return not (_REFUSES.fullmatch(args[0]) or _ELSEWHERE.match(args[-1]))
    return directive.name in PASSES or directive.name in {"root", "alias"}
