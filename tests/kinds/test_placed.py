from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide
from tests.obligations import obligation

PRINTED = obligation("placed", "servers", fact="location", sites="site_ids", at="server_location")
BEIJING = {"country": "CN", "province": "北京市", "city": "北京市"}
SHANGHAI = {"country": "CN", "province": "上海市", "city": "上海市"}


def facts(
    location: Any,
    *,
    served: Any = ("a",),
    sites: Any = (("a", ("a.cn",)),),
    attachments: Any = ((("a.cn",), BEIJING),),
) -> dict[str, Any]:
    site_ids = None if served is None else list(served)
    return {
        "servers": [{"id": "web", "location": location, "site_ids": site_ids}],
        "sites": None
        if sites is None
        else [{"id": i, "domains": None if hosts is None else [*hosts]} for i, hosts in sites],
        "licence": {
            "attachments": None
            if attachments is None
            else [
                {"domains": None if hosts is None else [*hosts], "server_location": place}
                for hosts, place in attachments
            ]
        },
    }


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (facts(BEIJING), "satisfied"),
        (facts(SHANGHAI), "violated"),
        (facts({"country": "CN"}), "unknown"),
        (facts(None), "unknown"),
        (facts(SHANGHAI, served=None), "unknown"),
        (facts(SHANGHAI, served=[]), "not applicable"),
        (facts(SHANGHAI, served=["b"]), "not applicable"),
        (facts(BEIJING, served=["a", None]), "unknown"),
        (facts(SHANGHAI, served=["a", None]), "violated"),
        (facts(SHANGHAI, sites=None), "unknown"),
        (facts(SHANGHAI, attachments=None), "unknown"),
        (facts(SHANGHAI, attachments=[(("a.cn",), None)]), "unknown"),
        (facts(SHANGHAI, attachments=[(("b.cn",), BEIJING)]), "not applicable"),
        # A site with two places may stand at either.
        (facts(SHANGHAI, attachments=[(("a.cn",), BEIJING), (("a.cn",), SHANGHAI)]), "satisfied"),
        # One that is not known may be the one where it stands.
        (facts(SHANGHAI, attachments=[(("a.cn",), BEIJING), (None, SHANGHAI)]), "unknown"),
        (facts(BEIJING, attachments=[(("a.cn",), BEIJING), (None, SHANGHAI)]), "satisfied"),
        (facts(SHANGHAI, sites=[("a", ("a.cn", None))]), "unknown"),
        (facts(SHANGHAI, sites=[("a", None)]), "unknown"),
    ],
)
def test_servers_stand_where_the_licence_says(given: dict[str, Any], verdict: str) -> None:
    assert decide(PRINTED, given).verdict == verdict
