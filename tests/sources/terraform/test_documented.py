"""What the pages of providers list, in the forms that they have."""

from __future__ import annotations

import pytest

from pytest_icp.sources.terraform.tables import FOLDER, read_table
from tests.sources.terraform.documented import KNOWN, missing

PAGE = """
## Argument Reference

The following arguments are supported:

* `bucket` - (Optional) The bucket. Valid values:
  * `any` - Any of them.
* `acl` - (Optional) See [`acl`](#acl) below.

  The values are as follows:

- `name` (String) The name.

### `acl`

The acl supports the following:

* `white_ip_list` - (Optional) The addresses.

<a name="groups"></a>
The `groups` block supports:

* `nodes` - The nodes.
  The [nodes](#nodes) structure is documented below.

The `nodes` block supports:

* `public_ip` - The address.

## Attributes Reference

* `id` - ID of the resource.
* `groups` - The groups.
* `listed` - The list.
    * `inside` - What is in it.
"""


@pytest.mark.parametrize(
    ("path", "found"),
    [
        *((one, True) for one in ("id", "bucket", "name", "acl.white_ip_list", "listed.inside")),
        *((one, True) for one in ("groups.nodes.public_ip", "bucket -> other")),
        *((one, False) for one in ("other", "acl.white_list", "nodes.public_ip", "inside")),
        *((one, False) for one in ("white_ip_list", "acl.inside", "bucket.name.other", "any")),
    ],
)
def test_an_attribute_is_documented_in_its_block(path: str, *, found: bool) -> None:
    row = {"docs": "https://a.cn/b", "gives": [{"list": "servers", "when": {path: {"set": True}}}]}
    assert ([*missing(row, PAGE)] == []) is found


def test_what_is_known_to_be_undocumented_is_read() -> None:
    tables = [read_table(path, "provider") for path in FOLDER.glob("*.yaml")]
    rows = {kind: str(row) for table in tables for kind, row in table["resources"].items()}
    for known in KNOWN:
        kind, _, path = known.partition(" ")
        assert path in rows[kind]
