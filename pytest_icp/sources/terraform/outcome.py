"""The derived facts of a plan or of source, with provenance, gaps and counts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pytest_icp.facts.derived import Derived, Gap, Provenance, Status, Trace
from pytest_icp.law.jsontypes import tokens
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.sources.terraform.deriving import Derivation
from pytest_icp.sources.terraform.graph import Graph
from pytest_icp.sources.terraform.tables import lists_of

if TYPE_CHECKING:
    from pytest_icp.sources.request import Request
    from pytest_icp.sources.terraform.deriving import Element
    from pytest_icp.sources.terraform.resource import Hides, Links, Origin, Resource

EVERY_LIST = frozenset(
    {"sites", "servers", "domains", "network_links", "data_stores", "log_stores"}
)
"""The top-level facts that Terraform may give."""

_SHOWN = 3


def derived(
    request: Request,
    resources: list[Resource],
    links: Links,
    *,
    gaps: Iterable[Gap] = (),
    unread: Collection[str] = (),
    remarks: tuple[Text, ...] = (),
    deployed: bool = False,
    told: bool = False,
) -> Derived:
    """Derive the facts of resources and their links.

    ``unread`` are the types of resources that no table has. What is ``deployed`` has been applied:
    no fact of it waits for that. With ``told``, those that are not known are left out.
    """
    graph = Graph(resources, links, unread)
    derivation = Derivation(graph, request.settings, request.meter).run()
    lists = {kind: list(elements.values()) for kind, elements in derivation.elements.lists.items()}
    undecided = [
        _gap(kind, (_DEPLOYED if deployed else _REASONS)[reason], origins, links)
        for (kind, reason), origins in derivation.undecided.items()
    ]
    hidden = [_hidden(hides, origins, links) for hides, origins in derivation.hidden.items()]
    return Derived(
        facts=derivation.elements.written(told=told),
        trace=_trace(request, lists, links, deployed=deployed),
        names=derivation.names,
        gaps=(*gaps, *undecided, *hidden),
        remarks=remarks,
    )


def unread_gaps(
    unmapped: Mapping[str, Sequence[str]], place_of: Callable[[str], Place]
) -> Iterator[Gap]:
    """Yield a gap for each type of resource that no table has, given the addresses of each."""
    for kind, which in sorted(unmapped.items()):
        message = _UNREAD.format(which=_few(which), type=kind)
        yield Gap(message=message, place=place_of(which[0]), kinds=lists_of(kind))


def _gap(kind: str, reason: Text, origins: list[Origin], links: Links) -> Gap:
    message = _named(reason, origins)
    return Gap(message=message, place=links.place(origins[0]), kinds=frozenset({kind}))


def _hidden(hides: Hides, origins: list[Origin], links: Links) -> Gap:
    message = _named(_HIDDEN, origins, why=hides.reason)
    return Gap(message=message, place=links.place(origins[0]), kinds=hides.lists)


def _named(message: Text, origins: list[Origin], **more: Text) -> Text:
    """Complete a message that names the first resources."""
    return message.format(which=_few([o.resource.address for o in origins if o.resource]), **more)


def _few(addresses: Iterable[str]) -> Text:
    """Return the first addresses, and how many more there are."""
    every = list(dict.fromkeys(addresses))
    rest = len(every) - _SHOWN
    others = _MORE.format(n=rest) if rest > 0 else plain("")
    return Text("{which}{more}", "{which}{more}").format(
        which="、".join(every[:_SHOWN]), more=others
    )


_HIDDEN = Text(zh="{which}：{why}", en="{which}: {why}")
_MORE = Text(zh="等，另有 {n} 个", en=" and {n} more")
_UNREAD = Text(
    zh="{which}：{type} 类型的资源不在映射表中，没有读取",
    en="{which}: no table says what the type {type} tells, so it is not read",
)
_REASONS = {
    "later name": Text(
        zh="{which}：主机名在应用之后才知道，无法列出",
        en="{which}: the host name is known only after apply",
    ),
    "hidden name": Text(
        zh="{which}：主机名标为敏感，不予读取，无法列出",
        en="{which}: the host name is marked as sensitive, so it is not read",
    ),
    "no name": Text(
        zh="{which}：从所设的值看不出主机名，无法列出",
        en="{which}: the host name does not follow from what is set",
    ),
    "kept": Text(
        zh="{which}：日志写入的存储桶不在此来源中，保存多久无法判断",
        en="{which}: the bucket that its logs are written into is not in this source, so how "
        "long they are kept is not known",
    ),
    "condition": Text(
        zh="{which}：应用之前看不出是否面向公众或属于哪种类型，无法列出",
        en="{which}: whether it is public, or its kind, cannot be told before apply",
    ),
}
_DEPLOYED = _REASONS | {
    "later name": Text(
        zh="{which}：主机名不在此来源中，无法列出",
        en="{which}: the host name is not in this source",
    ),
    "condition": Text(
        zh="{which}：从此来源看不出是否面向公众或属于哪种类型，无法列出",
        en="{which}: whether it is public, or its kind, does not follow from this source",
    ),
}


def _trace(
    request: Request, lists: Mapping[str, list[Element]], links: Links, *, deployed: bool
) -> Trace:
    def trace(pointer: str) -> Provenance:
        parts = tokens(pointer)
        elements = lists.get(parts[0], []) if parts else []
        if len(parts) < 2 or not parts[1].isdecimal() or int(parts[1]) >= len(elements):  # noqa: PLR2004 - a list and an index
            return Provenance(place=Place(path=request.path))
        origin = _origin(elements[int(parts[1])], parts[2:])
        unknown = origin.status is Status.AFTER_APPLY
        return Provenance(
            place=links.place(origin),
            status=Status.NOT_TOLD if deployed and unknown else origin.status,
            address=origin.resource.address if origin.resource else _provider(origin),
            attribute=origin.attribute,
        )

    return trace


def _origin(element: Element, parts: tuple[str, ...]) -> Origin:
    """Return the origin of the longest property path that has one."""
    for end in range(len(parts), 0, -1):
        found = element.facts.get(".".join(parts[:end]))
        if found is not None:
            return found.origin
    below = ".".join(parts) + "."
    inner = [fact.origin for name, fact in element.facts.items() if name.startswith(below)]
    return inner[0] if inner and parts else element.origin


def _provider(origin: Origin) -> str:
    return f"provider.{origin.provider_key}" if origin.provider_key else ""
