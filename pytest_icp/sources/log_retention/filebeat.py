"""Filebeat: the stores that it writes logs to, and the policy of indices that it sets up.

An output that hands on, such as ``logstash`` or ``kafka``, stores nothing. The policy that comes
with Filebeat deletes nothing, but the cluster may have another of its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.facts.derived import Gap
from pytest_icp.sources.log_retention.files import File, Found, common_kinds
from pytest_icp.sources.log_retention.index_policies import read_index_policies
from pytest_icp.sources.log_stores import ELSEWHERE, Kept
from pytest_icp.sources.server_files import ServerFiles
from pytest_icp.sources.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAIN = "filebeat.yml"
_INSTALLED = r"/etc/filebeat/|/usr/share/filebeat/"
# The number and size of files that Filebeat keeps if nothing else is set.
_FILES, _KILOBYTES = 7, 10_240


def read_filebeat(file: File) -> Iterator[Found]:
    """Yield the stores of the outputs."""
    for root in file.values():
        if isinstance(root, Gap):
            yield root
            continue
        kinds = common_kinds(list(_paths(root)))
        search = _dotted(root, "output.elasticsearch")
        if _is_on(search):
            index = _dotted(search, "index").text or "filebeat"
            at = search.at("output.elasticsearch")
            kept = Kept(name=f"elasticsearch {index}", at=at, kinds=kinds, why=ELSEWHERE)
            yield _with_policy(file, kept, root)
        written = _dotted(root, "output.file")
        if _is_on(written):
            path = "/".join(_dotted(written, name).text for name in ("path", "filename"))
            size = _dotted(written, "rotate_every_kb").text or _KILOBYTES
            number = _dotted(written, "number_of_files").text or _FILES
            limits = (f"rotate_every_kb {size}", f"number_of_files {number}")
            at = written.at("output.file")
            yield Kept(name=f"file {path.strip('/')}", at=at, kinds=kinds, limits=limits)


def _paths(root: Value) -> Iterator[str]:
    """Yield the paths of the inputs, or nothing for one that has none."""
    for _, one in _dotted(root, "filebeat.inputs").members():
        paths = [path.text for _, path in one.get("paths").members()]
        yield from paths or [""]
    for _, one in _dotted(root, "filebeat.modules").members():
        yield f"{one.get('module').text}/"


def _with_policy(file: File, kept: Kept, root: Value) -> Kept:
    """Add what the policy keeps that is set up from a file of the repository."""
    written = _dotted(root, "setup.ilm.policy_file").text
    if not written or file.request.given is not None:
        return kept
    server = ServerFiles(file.request, (_MAIN,), _INSTALLED)
    server.begin(file.path)
    for path in server.matching(written) or ():
        for policy in read_index_policies(File(file.request, path)):
            if isinstance(policy, Kept):
                return replace(policy, name=kept.name, at=kept.at, kinds=kept.kinds)
    return kept


def _is_on(output: Value) -> bool:
    return isinstance(output.data, dict) and output.get("enabled").data is not False


def _dotted(value: Value, path: str) -> Value:
    """Return the value at a path, whose keys may be written as one, joined by dots."""
    return _below(value, path.split("."))


def _below(value: Value, keys: Sequence[str]) -> Value:
    for n in range(len(keys), 0, -1):
        joined = ".".join(keys[:n])
        if joined in value:
            found = _below(value.get(joined), keys[n:])
            if found.data is not None:
                return found
    return value if not keys else value.get(*keys)
