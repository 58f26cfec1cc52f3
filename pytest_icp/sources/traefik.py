"""The hosts in rules of Traefik: ``Host(`a.cn`) || HostSNI(`b.cn`)``, and ``Host:a.cn`` of v1."""

from __future__ import annotations

import re

_CALL = re.compile(r"(?<![A-Za-z])(?:(!)\s*+)?(Host|HostSNI|HostHeader)\(([^()]*)\)")
_QUOTED = re.compile(r"[`\"']([^`\"']*)[`\"']")
_OLD = re.compile(r"(?:^|;)\s*Host:([^;]*)")
_REGEXP = re.compile(r"(?:HostRegexp|HostSNIRegexp)\b")


def hosts_of(rule: str) -> list[str]:
    """Return the hosts that a rule names, in their order; those it excludes are left out."""
    named = [
        host
        for negated, _, arguments in _CALL.findall(rule)
        if not negated
        for host in _QUOTED.findall(arguments)
    ]
    for listed in _OLD.findall(rule):
        named += [host.strip() for host in listed.split(",") if host.strip()]
    return [host for host in named if host not in {"", "*"}]


def has_pattern(rule: str) -> bool:
    """Whether a rule matches hosts by a regular expression, so that they cannot be listed."""
    return _REGEXP.search(rule) is not None
