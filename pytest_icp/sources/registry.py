"""The kinds of source that facts can be derived from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.law.errors import InputError
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pytest_icp.facts.derived import Derived
    from pytest_icp.sources.request import Adapter, Request

_UNKNOWN = Text(zh="未知的来源类型“{name}”", en="unknown kind of source {name!r}")
_AVAILABLE = Text(zh="可用的类型：{names}", en="available kinds: {names}")


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of source (来源类型): its adapter, and the top-level facts it may give.

    When such a source cannot be read, elements of every fact in ``gives`` may be missing; where
    that differs from one source to the next, ``gives_of`` tells it of what is requested. A
    ``generated`` source is made by a tool from files that a person edits, as a plan is; where
    those files give the same fact, they are shown instead. A ``deployed`` source lists what is in
    use, so none of it has ended; it does not say since when. The ids of a ``rooted`` one are
    addresses in its own root: another root has others of the same name.
    """

    read: Adapter
    gives: frozenset[str] = frozenset()
    gives_of: Callable[[Request], frozenset[str]] | None = None
    generated: bool = False
    deployed: bool = False
    rooted: bool = False


def _lazily(reader: str) -> Adapter:
    """Return a reader that is imported when it reads: a run loads only the parsers it needs."""
    module, _, name = reader.rpartition(".")

    def read(request: Request) -> Derived:
        adapter: Adapter = getattr(import_module(f"{__package__}.{module}"), name)
        return adapter(request)

    return read


def _lists_of(request: Request) -> frozenset[str]:
    from pytest_icp.sources.register import lists_of

    return lists_of(request)


_TERRAFORM = "sites servers domains network_links data_stores log_stores"
_DEPLOYED = {
    "nginx": ("nginx.read_nginx", "sites"),
    "caddy": ("caddy.read_caddy", "sites"),
    "apache": ("apache.read_apache", "sites"),
    "zone": ("zone.read_zone", "sites domains servers network_links"),
    "html": ("html.read_html", "sites"),
    "terraform-plan": ("terraform.plan.read_plan", _TERRAFORM),
    "terraform-state": ("terraform.plan.read_state", _TERRAFORM),
    "terraform": ("terraform.source.read_source", _TERRAFORM),
    "kubernetes": (
        "kubernetes.read_kubernetes",
        "sites servers network_links log_stores data_stores",
    ),
    "compose": ("compose.read_compose", "sites data_stores"),
    "ansible": ("ansible.read_ansible", "servers"),
    "app": ("app.read_app", "sites"),
    "log-retention": ("log_retention.read_log_retention", "log_stores"),
    "serverless": ("serverless.read_serverless", "sites servers log_stores data_stores"),
    "cloud-export": ("cloud_export.read_cloud_export", _TERRAFORM),
}
_GENERATED = {"terraform-plan", "terraform-state"}
_ROOTED = {*_GENERATED, "terraform", "kubernetes", "serverless", "ansible"}

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        **{
            name: Kind(
                read=_lazily(reader),
                gives=frozenset(gives.split()),
                generated=name in _GENERATED,
                deployed=True,
                rooted=name in _ROOTED,
            )
            for name, (reader, gives) in _DEPLOYED.items()
        },
        "register": Kind(read=_lazily("register.read_register"), gives_of=_lists_of),
    }
)
"""The built-in kinds by name."""


def kind_of(name: str, kinds: Mapping[str, Kind]) -> Kind:
    """Return the kind with a name; raise `InputError` with a suggestion if there is none."""
    found = kinds.get(name)
    if found is None:
        available = _AVAILABLE.format(names=", ".join(sorted(kinds)))
        near = nearest(name, kinds)
        hint = did_you_mean(near) + Text(zh="", en=" ") + available if near else available
        raise InputError(_UNKNOWN.format(name=name), hint=hint)
    return found
