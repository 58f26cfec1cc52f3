"""The kinds of source that facts can be derived from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

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
    use, so none of it has ended; it does not say since when.
    """

    read: Adapter
    gives: frozenset[str] = frozenset()
    gives_of: Callable[[Request], frozenset[str]] | None = None
    generated: bool = False
    deployed: bool = False


# Imported inside the functions, so that a run loads only the parsers it needs.


def _kubernetes(request: Request) -> Derived:
    from pytest_icp.sources.kubernetes import read_kubernetes

    return read_kubernetes(request)


def _nginx(request: Request) -> Derived:
    from pytest_icp.sources.nginx import read_nginx

    return read_nginx(request)


def _caddy(request: Request) -> Derived:
    from pytest_icp.sources.caddy import read_caddy

    return read_caddy(request)


def _apache(request: Request) -> Derived:
    from pytest_icp.sources.apache import read_apache

    return read_apache(request)


def _zone(request: Request) -> Derived:
    from pytest_icp.sources.zone import read_zone

    return read_zone(request)


def _html(request: Request) -> Derived:
    from pytest_icp.sources.html import read_html

    return read_html(request)


def _terraform_plan(request: Request) -> Derived:
    from pytest_icp.sources.terraform.plan import read_plan

    return read_plan(request)


def _terraform_state(request: Request) -> Derived:
    from pytest_icp.sources.terraform.state import read_state

    return read_state(request)


def _terraform(request: Request) -> Derived:
    from pytest_icp.sources.terraform.source import read_source

    return read_source(request)


def _compose(request: Request) -> Derived:
    from pytest_icp.sources.compose import read_compose

    return read_compose(request)


def _register(request: Request) -> Derived:
    from pytest_icp.sources.register import read_register

    return read_register(request)


def _log_retention(request: Request) -> Derived:
    from pytest_icp.sources.log_retention import read_log_retention

    return read_log_retention(request)


def _cloud_export(request: Request) -> Derived:
    from pytest_icp.sources.cloud_export import read_cloud_export

    return read_cloud_export(request)


def _serverless(request: Request) -> Derived:
    from pytest_icp.sources.serverless import read_serverless

    return read_serverless(request)


def _lists_of(request: Request) -> frozenset[str]:
    from pytest_icp.sources.register import lists_of

    return lists_of(request)


_TERRAFORM = frozenset(
    {"sites", "servers", "domains", "network_links", "data_stores", "log_stores"}
)

_DEPLOYED = {
    "nginx": Kind(read=_nginx, gives=frozenset({"sites"})),
    "caddy": Kind(read=_caddy, gives=frozenset({"sites", "log_stores"})),
    "apache": Kind(read=_apache, gives=frozenset({"sites", "log_stores"})),
    "zone": Kind(read=_zone, gives=frozenset({"sites", "domains"})),
    "html": Kind(read=_html, gives=frozenset({"sites"})),
    "terraform-plan": Kind(read=_terraform_plan, gives=_TERRAFORM, generated=True),
    "terraform-state": Kind(read=_terraform_state, gives=_TERRAFORM, generated=True),
    "terraform": Kind(read=_terraform, gives=_TERRAFORM),
    "kubernetes": Kind(
        read=_kubernetes,
        gives=frozenset({"sites", "servers", "network_links", "log_stores"}),
    ),
    "compose": Kind(read=_compose, gives=frozenset({"sites"})),
    "log-retention": Kind(read=_log_retention, gives=frozenset({"log_stores"})),
    "serverless": Kind(
        read=_serverless, gives=frozenset({"sites", "servers", "log_stores", "data_stores"})
    ),
    "cloud-export": Kind(read=_cloud_export, gives=_TERRAFORM),
}

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        **{name: replace(kind, deployed=True) for name, kind in _DEPLOYED.items()},
        "register": Kind(read=_register, gives_of=_lists_of),
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
