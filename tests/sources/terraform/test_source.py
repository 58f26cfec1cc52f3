"""What ``.tf`` source tells: the same facts as a plan, with the lines that a person can edit."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.derived import Status
from pytest_icp.law.errors import InputError
from pytest_icp.sources.terraform.deriving import EVERY_LIST
from tests.sources.plan_files import source
from tests.sources.reading import element, facts, gaps, ids, refused, status

NET = """
resource "alicloud_vswitch" "v" {
  zone_id = "cn-shanghai-b"
}
resource "alicloud_instance" "web" {
  vswitch_id = alicloud_vswitch.v.id
  data_disks {
    # encrypted = false }
    encrypted = true
  }
}
resource "alicloud_eip_address" "e" {
  count     = 2
  bandwidth = 5
}
resource "alicloud_eip_association" "a" {
  count         = 1
  allocation_id = alicloud_eip_address.e[count.index].id
  instance_id   = alicloud_instance.web.id
}
output "ip" {
  value = alicloud_eip_address.e[0].ip_address
}
output "eip" {
  value = alicloud_eip_address.e[0]
}
output "ids" {
  value = { first = alicloud_eip_address.e[0].ip_address }
}
output "vswitch" {
  value = alicloud_vswitch.v.id
}
output "fixed" {
  value = 7
}
"""
MAIN = """
provider "alicloud" {
  region = var.region
}
provider "alicloud" {
  alias  = "hk"
  region = "cn-hongkong"
}
variable "region" {
  default = "cn-shanghai"
}
variable "name" {}
module "net" {
  source   = "./net"
  for_each = toset(["a"])
}
resource "alicloud_alidns_record" "www" {
  domain_name = "etaoche.cn"
  rr          = "www"
  type        = "A"
  value       = module.net["a"].ip
}
resource "alicloud_oss_bucket" "b" {
  provider = alicloud.hk
  bucket   = "b"
}
resource "alicloud_db_instance" "d" {
  vswitch_id = module.net["a"].vswitch
}
resource "alicloud_cdn_domain_new" "c" {
  domain_name = "${var.name}.etaoche.cn"
  scope       = "domestic"
}
resource "alicloud_nas_server" "n" {}
resource "alicloud_kms_key" "k" {}
data "alicloud_nas_server" "n" {}
"""
FILES = {"infra/main.tf": MAIN, "infra/net/main.tf": NET}


def read(tmp_path: Path, **changes: str) -> Any:
    files = dict(FILES)
    files["infra/main.tf"] += "".join(changes.values())
    return source(tmp_path, files, "infra")


def region(derived: Any, kind: str, identifier: str) -> Any:
    found = element(derived, kind, identifier)["location"]
    return found and found["cloud_region"]["id"]


def test_facts_stand_in_lines_that_a_person_can_edit(tmp_path: Path) -> None:
    derived = read(tmp_path)
    (index,) = (
        i
        for i, one in enumerate(derived.facts["data_stores"])
        if one["id"] == 'module.net["a"].alicloud_instance.web'
    )
    found = derived.trace(f"/data_stores/{index}/encryption_at_rest")
    assert str(found.place) == f"{tmp_path / 'infra/net/main.tf'}:9:17"
    assert found.place.excerpt == "    encrypted = true"
    assert found.attribute == "data_disks.encrypted"
    whole = derived.trace(f"/data_stores/{index}/kind")
    assert str(whole.place) == f"{tmp_path / 'infra/net/main.tf'}:5:1"


STORE = """\
variable "days" {
  description = "default = 7"
  default     = 90
}
resource "alicloud_log_store" "s" {
  retention_period = %s
}
"""


@pytest.mark.parametrize(
    ("value", "files", "place"),
    [
        ("var.days", {}, "main.tf:3:17"),
        ("var.days # days", {}, "main.tf:3:17"),
        ("200", {}, "main.tf:6:22"),
        ("var.days + 1", {}, "main.tf:6:22"),
        ('"${var.days}0"', {}, "main.tf:3:17"),
        ("var.days", {"terraform.tfvars": "# days\ndays = 30\n"}, "terraform.tfvars:2:8"),
        ("var.days", {"x.auto.tfvars.json": '{\n  "days": 30\n}'}, "x.auto.tfvars.json:2:4"),
        ("var.days", {"a.tfvars": "days = 30\n"}, "main.tf:3:17"),
        ("var.days", {"terraform.tfvars": "day = 30\n"}, "main.tf:3:17"),
    ],
)
def test_the_value_of_a_variable_stands_where_it_is_set(
    tmp_path: Path, value: str, files: dict[str, str], place: str
) -> None:
    derived = source(tmp_path, {"main.tf": STORE % value, **files})
    found = derived.trace("/log_stores/0/retention/days").place
    assert str(found).removeprefix(f"{tmp_path}/") == place
    assert found.excerpt


def test_a_variable_that_nobody_declares_stands_where_it_is_used(tmp_path: Path) -> None:
    _, _, text = (STORE % "var.days").partition("}\n")
    found = source(tmp_path, {"main.tf": text}).trace("/log_stores/0/retention/days")
    assert (found.status, found.place.line) == (Status.AFTER_APPLY, 2)


def test_a_variable_of_a_module_stands_where_the_call_of_it_sets_it(tmp_path: Path) -> None:
    outer = 'module "outer" {\n  source = "./outer"\n  kept   = 30 # days\n}\n'
    inner = 'variable "kept" {}\nmodule "logs" {\n  source = "../logs"\n  days   = var.kept\n}\n'
    files = {"main.tf": outer, "outer/main.tf": inner, "logs/main.tf": STORE % "var.days"}
    derived = source(tmp_path, files, "")
    found = derived.trace("/log_stores/0/retention/days")
    assert str(found.place) == f"{tmp_path / 'main.tf'}:3:12"
    assert (found.place.excerpt, found.place.width) == ("  kept   = 30 # days", 2)
    assert derived.facts["log_stores"][0]["retention"] == {"days": 30}


def test_a_default_of_a_module_stands_where_the_module_uses_it(tmp_path: Path) -> None:
    call = 'module "logs" {\n  source = "./logs"\n}\n'
    derived = source(tmp_path, {"main.tf": call, "logs/main.tf": STORE % "var.days"}, "")
    assert str(derived.trace("/log_stores/0/retention/days").place).endswith("logs/main.tf:6:22")


@pytest.mark.parametrize("value", ["ip", "eip.ip_address", "ids.first", 'ids["first"]'])
def test_references_are_followed_through_modules(tmp_path: Path, value: str) -> None:
    record = f"""
resource "alicloud_alidns_record" "m" {{
  domain_name = "etaoche.cn"
  rr          = "m"
  type        = "A"
  value       = module.net["a"].{value}
}}
"""
    derived = read(tmp_path, record=record)
    site = element(derived, "sites", "m.etaoche.cn")
    assert (site["public"], site["servers"]) == (True, ['module.net["a"].alicloud_instance.web'])
    assert site["access_provider"] == {"name": "阿里云计算有限公司"}


def test_regions_come_from_providers_aliases_and_zones(tmp_path: Path) -> None:
    derived = read(tmp_path)
    assert region(derived, "data_stores", "alicloud_oss_bucket.b") == "cn-hongkong"
    assert region(derived, "data_stores", "alicloud_db_instance.d") == "cn-shanghai"
    index = ids(derived, "data_stores").index("alicloud_oss_bucket.b")
    where = derived.trace(f"/data_stores/{index}/location")
    assert where.place.excerpt == '  region = "cn-hongkong"'


def test_providers_that_modules_are_given(tmp_path: Path) -> None:
    files = {
        "main.tf": """
provider "alicloud" {
  alias  = "hk"
  region = "cn-hongkong"
}
module "m" {
  source    = "./m"
  providers = {
    alicloud = alicloud.hk
  }
}
module "own" {
  source = "./own"
}
""",
        "m/main.tf": 'resource "alicloud_ecs_disk" "d" {}\n',
        "own/main.tf": """
provider "alicloud" {
  region = "cn-beijing"
}
resource "alicloud_ecs_disk" "d" {}
""",
    }
    derived = source(tmp_path, files)
    assert region(derived, "data_stores", "module.m.alicloud_ecs_disk.d") == "cn-hongkong"
    assert region(derived, "data_stores", "module.own.alicloud_ecs_disk.d") == "cn-beijing"


def test_a_region_that_is_not_known_is_said_by_the_description(tmp_path: Path) -> None:
    disk = 'provider "alicloud" {\n  region = var.r\n}\nresource "alicloud_ecs_disk" "d" {}\n'
    assert region(source(tmp_path, {"main.tf": disk}), "data_stores", "alicloud_ecs_disk.d") is None
    told = source(tmp_path, {"main.tf": disk}, region="cn-beijing")
    assert region(told, "data_stores", "alicloud_ecs_disk.d") == "cn-beijing"
    assert told.trace("/data_stores/0/location").place.line is None


@pytest.mark.parametrize(
    ("file", "settings"),
    [
        ("infra/terraform.tfvars", {}),
        ("infra/x.auto.tfvars", {}),
        ("prod.tfvars", {"vars": ["prod.tfvars"]}),
    ],
)
def test_files_of_variables(tmp_path: Path, file: str, settings: dict[str, Any]) -> None:
    derived = source(tmp_path, {**FILES, file: 'name = "m"\n'}, "infra", **settings)
    assert "m.etaoche.cn" in ids(derived, "sites")


def test_variables_in_json_are_read_and_code_in_json_is_a_gap(tmp_path: Path) -> None:
    files = {
        "main.tf": 'variable "a" {}\n' + DISK % "var.a",
        "more.tf.json": '{"resource": {"alicloud_ecs_disk": {"d": {"encrypted": true}}}}',
        "x.auto.tfvars.json": '{"a": true}',
    }
    derived = source(tmp_path, files)
    assert [disk["encryption_at_rest"] for disk in facts(derived)["data_stores"]] == [True]
    (gap,) = derived.gaps
    assert gap.message.en.startswith("more.tf.json is Terraform code in the form of JSON")
    assert gap.kinds == EVERY_LIST
    with pytest.raises(InputError, match="expected a value") as caught:
        source(tmp_path, {**files, "x.auto.tfvars.json": '{\n "a": S3CRET}'})
    place = caught.value.place
    assert place
    assert (place.path.name, place.line, place.excerpt) == ("x.auto.tfvars.json", 2, "")


@pytest.mark.parametrize("name", ["prod.tfvars", "prod.tfvars.json", "terragrunt.hcl"])
def test_what_may_set_variables_otherwise_is_a_gap(tmp_path: Path, name: str) -> None:
    written = {"main.tf": LOGS % "", "terraform.tfvars": "known = true\n", name: "{}"}
    (gap,) = source(tmp_path, written).gaps
    assert gap.message.en.startswith(f"{name} may set variables to other values")
    assert (gap.place.path.name, gap.kinds) == (name, EVERY_LIST)
    assert source(tmp_path, written, vars=[]).gaps == ()


def test_modules_that_are_not_there_are_gaps(tmp_path: Path) -> None:
    remote = '\nmodule "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n'
    missing = '\nmodule "gone" {\n  source = "./gone"\n}\n'
    derived = source(tmp_path, {"main.tf": remote + missing})
    found = {gap.message.en: gap for gap in derived.gaps}
    (far,) = (gap for words, gap in found.items() if "is remote" in words)
    assert (far.place.line, far.place.excerpt) == (3, '  source = "terraform-aws-modules/vpc/aws"')
    (near,) = (gap for words, gap in found.items() if "./gone of module.gone does not" in words)
    assert (near.place.line, near.kinds) == (7, EVERY_LIST)


def test_the_address_of_a_module_shows_no_password(tmp_path: Path) -> None:
    hidden = "git::https://ci:S3CRET@git.etaoche.cn/a.git"
    keyed = "git::ssh://git@git.etaoche.cn/b.git?ref=v1&sshkey=S3CRET"
    plain = "git::https://git.etaoche.cn/c.git?ref=v1"
    calls = [
        f'module "m{n}" {{\n  source = "{one}"\n}}\n'
        for n, one in enumerate((hidden, keyed, plain))
    ]
    derived = source(tmp_path, {"main.tf": "".join(calls)})
    first, second, third = derived.gaps
    assert "(git::https://git.etaoche.cn/a.git)" in first.message.en
    assert "(git::ssh://git.etaoche.cn/b.git)" in second.message.en
    assert plain in third.message.en
    assert plain in third.place.excerpt
    assert "S3CRET" not in repr(derived.gaps)


def test_a_line_with_a_password_in_an_address_is_not_quoted(tmp_path: Path) -> None:
    record = """
resource "alicloud_alidns_record" "r" {
  domain_name = "etaoche.cn"
  rr          = "www"
  type        = "REDIRECT_URL"
  value       = "https://ci:S3CRET@git.cn/"
}
"""
    derived = source(tmp_path, {"main.tf": record})
    origin = derived.trace("/sites/0/servers")
    assert (origin.place.line, origin.place.excerpt) == (6, "")
    assert derived.trace("/sites/0/domains").place.excerpt == '  rr          = "www"'


def test_files_of_editors_are_left_out(tmp_path: Path) -> None:
    files = {"main.tf": DISK % "true", ".main.tf": "{", "._main.tf": "\0", ".x_override.tf": "{"}
    assert ids(source(tmp_path, files), "data_stores") == ["alicloud_ecs_disk.d"]


DISK = 'resource "alicloud_ecs_disk" "d" {\n  encrypted = %s\n}\n'


@pytest.mark.parametrize(
    ("value", "more", "found"),
    [
        ("null", "", "default"),
        ("null # not encrypted", "", "default"),
        ("var.x", 'variable "x" {\n  default = null\n}\n', "default"),
        ("var.x", 'variable "x" {}\n', "known after apply"),
        ('var.x == 1 ? "a" : null', 'variable "x" {}\n', "known after apply"),
    ],
)
def test_what_is_null_is_not_set(tmp_path: Path, value: str, more: str, found: str) -> None:
    derived = source(tmp_path, {"main.tf": DISK % value + more})
    assert status(derived, "/data_stores/0/encryption_at_rest") == found


def test_nothing_stands_in_for_what_is_set_to_an_unknown_value(tmp_path: Path) -> None:
    text = """
variable "days" {}
resource "huaweicloud_lts_group" "g" {
  ttl_in_days = 200
}
resource "huaweicloud_lts_stream" "s" {
  group_id    = huaweicloud_lts_group.g.id
  ttl_in_days = var.days
}
"""
    derived = source(tmp_path, {"main.tf": text})
    assert element(derived, "log_stores", "huaweicloud_lts_stream.s")["retention"] is None


LOGS = """
variable "known" { default = false }
variable "open" {}
resource "alicloud_log_store" "s" {
  # count = 7
  %s
  retention_period = 200
}
resource "alicloud_log_store" "other" {
  for_each         = { a = 7, "b.c" = 7 }
  retention_period = each.value
}
"""


@pytest.mark.parametrize(
    "repeated",
    [
        "for_each = var.open",
        "for_each = data.alicloud_zones.z.ids",
        'for_each = jsondecode(file("x.json"))',
        "count = var.open",
        "count = var.open ? 1 : 0",
        "count = length(data.alicloud_zones.z.ids)",
    ],
)
def test_a_block_that_may_be_there_is_a_gap(tmp_path: Path, repeated: str) -> None:
    derived = source(tmp_path, {"main.tf": LOGS % repeated, "x.json": "{}"})
    names = ['alicloud_log_store.other["a"]', 'alicloud_log_store.other["b.c"]']
    assert ids(derived, "log_stores") == names
    (gap,) = derived.gaps
    assert (gap.place.line, gap.kinds) == (4, {"log_stores"})
    assert gap.message.en.startswith("whether alicloud_log_store.s exists, and how often,")


@pytest.mark.parametrize(
    "repeated", ["count = 0", "count = var.known ? 1 : 0", "for_each = {}", "for_each = toset([])"]
)
def test_a_block_that_is_not_there_is_no_gap(tmp_path: Path, repeated: str) -> None:
    derived = source(tmp_path, {"main.tf": LOGS % repeated})
    assert len(ids(derived, "log_stores")) == 2
    assert derived.gaps == ()


@pytest.mark.parametrize("repeated", ["for_each = var.open", "count = var.open ? 1 : 0"])
def test_a_module_that_may_be_there_is_a_gap_for_all_that_it_may_give(
    tmp_path: Path, repeated: str
) -> None:
    call = f'module "m" {{\n  source = "./m"\n  {repeated}\n}}\nvariable "open" {{}}\n'
    derived = source(tmp_path, {"main.tf": call, "m/main.tf": DISK % "true"})
    assert derived.facts == {}
    (gap,) = derived.gaps
    assert (gap.place.line, gap.kinds) == (1, EVERY_LIST)


def test_a_block_of_a_type_that_is_not_read_may_be_there_too(tmp_path: Path) -> None:
    written = 'resource "alicloud_nas_server" "v" {\n  count = var.open\n}\nvariable "open" {}\n'
    (gap,) = source(tmp_path, {"main.tf": written}).gaps
    assert gap.message.en.startswith("whether alicloud_nas_server.v exists, and how often,")
    assert {"data_stores", "servers"} <= gap.kinds


def test_what_gives_nothing_is_no_gap(tmp_path: Path) -> None:
    written = 'resource "alicloud_vpc" "v" {\n  count = var.open\n}\nvariable "open" {}\n'
    assert source(tmp_path, {"main.tf": written}).gaps == ()


@pytest.mark.parametrize("name", ["override.tf", "m/b_override.tofu", "a_override.tf.json"])
def test_an_override_file_is_refused(tmp_path: Path, name: str) -> None:
    files = {"main.tf": 'module "m" { source = "./m" }\n', "m/main.tf": DISK % "true", name: ""}
    with pytest.raises(InputError, match="override files are not read") as caught:
        source(tmp_path, files)
    assert caught.value.place
    assert caught.value.place.path.name == Path(name).name


def test_modules_that_call_each_other_are_refused(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "m" { source = "./a" }\n',
        "a/main.tf": 'module "m" { source = "../b" }\n',
        "b/main.tf": 'module "m" { source = "../a" }\n',
    }
    error = refusal(tmp_path, files)
    assert error.message.en == "modules call each other in a circle: a → b → a"
    assert error.place is not None
    assert error.place.path == tmp_path / "a"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ('kms_key_id = "k"', True),
        ("kms_key_id = aws_kms_key.k.arn", True),
        ("kms_key_id = data.aws_kms_key.k.arn", True),
        ("kms_key_id = data.aws_db_instance.other.kms_key_id", None),
        ("kms_key_id = tencentcloud_cbs_storage.other.kms_key_id", None),
        ("kms_key_id = try(aws_kms_key.k.arn, null)", True),
        ('kms_key_id = "${var.open}/x"', True),
        ("kms_key_id = var.open", None),
        ("kms_key_id = var.open ? aws_kms_key.k.arn : null", None),
        ("kms_key_id = try(aws_kms_key.maybe[0].arn, null)", None),
        ("kms_key_id = null", False),
        ("", False),
        ("encrypt = false", False),
        ("encrypt = true", True),
        ("encrypt = var.open", None),
        ('snapshot_id = "s"', None),
    ],
)
def test_what_is_not_known_may_be_null(tmp_path: Path, written: str, found: bool | None) -> None:
    disk = f"""
variable "open" {{}}
resource "aws_kms_key" "k" {{}}
resource "aws_kms_key" "maybe" {{ count = var.open }}
data "aws_kms_key" "k" {{ key_id = "alias/a" }}
data "aws_db_instance" "other" {{}}
resource "tencentcloud_cbs_storage" "other" {{}}
resource "tencentcloud_cbs_storage" "d" {{
  {written}
}}
"""
    derived = source(tmp_path, {"main.tf": disk})
    store = element(derived, "data_stores", "tencentcloud_cbs_storage.d")
    assert store["encryption_at_rest"] is found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("region = var.open", None),
        ("region = null", "cn-north-1"),
        ('region = "cn-northwest-1"', "cn-northwest-1"),
        ('region = var.open\n  availability_zone = "cn-northwest-1a"', "cn-northwest-1"),
    ],
)
def test_a_region_of_its_own_that_is_not_known_is_no_other(
    tmp_path: Path, written: str, found: str | None
) -> None:
    text = f"""
variable "open" {{}}
provider "aws" {{ region = "cn-north-1" }}
resource "aws_db_instance" "d" {{
  {written}
}}
"""
    derived = source(tmp_path, {"main.tf": text})
    assert region(derived, "data_stores", "aws_db_instance.d") == found


def test_files_of_opentofu_are_read_in_place_of_those_of_terraform(tmp_path: Path) -> None:
    files = {
        "main.tf": 'resource "alicloud_ecs_disk" "d" { encrypted = true }\n',
        "main.tofu": '\nresource "alicloud_ecs_disk" "d" { encrypted = false }\n',
        "more.tofu": 'resource "alicloud_ecs_disk" "e" { for_each = var.open }\nvariable "open" {}',
    }
    derived = source(tmp_path, files)
    assert element(derived, "data_stores", "alicloud_ecs_disk.d")["encryption_at_rest"] is False
    place = derived.trace("/data_stores/0/encryption_at_rest").place
    assert (Path(place.path).name, place.line) == ("main.tofu", 2)
    (gap,) = derived.gaps
    assert (Path(gap.place.path).name, gap.place.line) == ("more.tofu", 1)
    alone = source(tmp_path / "alone", {"main.tofu": files["main.tf"]})
    assert ids(alone, "data_stores") == ["alicloud_ecs_disk.d"]
    with pytest.raises(InputError) as caught:
        source(tmp_path / "broken", {"main.tofu": "resource {"})
    assert Path(caught.value.place.path if caught.value.place else "").name == "main.tofu"


def bucket(folder: Path, each: str, fixed: str = "") -> Any:
    """Return the bucket with a rule that a dynamic block makes."""
    written = f"""
variable "open" {{}}
variable "on" {{ default = true }}
resource "alicloud_oss_bucket" "b" {{
  bucket = "b"
  {fixed}
  dynamic "server_side_encryption_rule" {{
    for_each = {each}
    content {{
      sse_algorithm = "AES256"
    }}
  }}
}}
"""
    derived = source(folder, {"main.tf": written})
    found = element(derived, "data_stores", "alicloud_oss_bucket.b")["encryption_at_rest"]
    return found, status(derived, "/data_stores/0/encryption_at_rest")


@pytest.mark.parametrize("each", ["var.open", "var.open ? [1] : []", "data.x_y.z.ids", "null"])
def test_what_a_dynamic_block_makes_is_not_known(tmp_path: Path, each: str) -> None:
    assert bucket(tmp_path, each) == (None, "known after apply")


def test_what_a_dynamic_block_has_made_is_known(tmp_path: Path) -> None:
    assert bucket(tmp_path / "on", "var.on ? [1] : []") == (True, "known")
    assert bucket(tmp_path / "off", "var.on ? [] : [1]") == (None, "default")
    rule = 'server_side_encryption_rule { sse_algorithm = "KMS" }'
    assert bucket(tmp_path, "var.open", rule) == (True, "known")


@pytest.mark.parametrize(
    ("each", "found"), [("var.open", None), ("[]", True), ("[1]", None), ("[1, 2]", None)]
)
def test_beside_fixed_blocks_those_that_are_made_count_too(
    tmp_path: Path, each: str, found: bool | None
) -> None:
    written = f"""
resource "alicloud_instance" "i" {{
  data_disks {{
    encrypted = true
  }}
  dynamic "data_disks" {{
    for_each = {each}
    content {{
      encrypted = false
    }}
  }}
}}
variable "open" {{}}
"""
    derived = source(tmp_path, {"main.tf": written})
    disks = element(derived, "data_stores", "alicloud_instance.i")
    assert disks["encryption_at_rest"] is found
    told = status(derived, "/data_stores/0/encryption_at_rest")
    assert told == ("known" if found else "not told" if "1" in each else "known after apply")


@pytest.mark.parametrize(
    "count",
    [
        "try(data.x_y.z.n, 1)",
        "can(data.x_y.z.n) ? 1 : 0",
        "try(max(0, module.m.n), 1)",
        "try( alicloud_ecs_disk.other.size, 0)",
        'timestamp() == "x" ? 1 : 0',
        "length(uuid()) == 0 ? 1 : 0",
        "1 /* one */ + var.open",
    ],
)
def test_whether_a_block_is_there_is_never_guessed(tmp_path: Path, count: str) -> None:
    files = {
        "main.tf": f"""
variable "open" {{}}
data "x_y" "z" {{}}
module "m" {{ source = "./m" }}
resource "alicloud_ecs_disk" "other" {{}}
resource "alicloud_ecs_disk" "d" {{
  count /* how many */ = {count}
}}
""",
        "m/main.tf": "",
    }
    derived = source(tmp_path, files)
    assert ids(derived, "data_stores") == ["alicloud_ecs_disk.other"]
    assert any("alicloud_ecs_disk.d exists" in gap for gap in gaps(derived))


@pytest.mark.parametrize("rr", ["terraform.workspace", '"${terraform.workspace}-a"'])
def test_the_workspace_is_not_known(tmp_path: Path, rr: str) -> None:
    written = f"""
resource "alicloud_alidns_record" "a" {{
  domain_name = "example.cn"
  rr          = {rr}
  type        = "A"
  value       = "39.106.1.1"
}}
"""
    derived = source(tmp_path, {"main.tf": written})
    assert ids(derived, "sites") == []
    assert [gap.kinds for gap in derived.gaps] == [{"sites"}]


# --- what is refused --------------------------------------------------------------------------


refusal = partial(refused, source)


@pytest.mark.parametrize("name", ["main.tf", "net/main.tf"])
def test_a_syntax_error_has_a_file_and_a_line(tmp_path: Path, name: str) -> None:
    good = {"main.tf": 'module "net" {\n  source = "./net"\n}\n', "net/main.tf": ""}
    error = refusal(tmp_path, {**good, name: good[name] + '\nresource "x" "y" {\n  a = \n}\n'})
    assert error.message.en == "syntax error: expected an expression"
    assert "terraform validate" in error.hint.en
    assert error.place is not None
    assert error.place.path == tmp_path / name
    assert error.place.line == (6 if name == "main.tf" else 3)


def test_a_syntax_error_in_variables_has_a_file_and_a_line(tmp_path: Path) -> None:
    error = refusal(tmp_path, {"main.tf": "", "v/p.tfvars": "a = \n"}, vars=["v/p.tfvars"])
    assert error.place is not None
    assert (error.place.path, error.place.line) == (tmp_path / "v/p.tfvars", 1)


def test_a_folder_without_source_is_refused(tmp_path: Path) -> None:
    assert "no .tf file" in refusal(tmp_path, {"a.txt": ""}).message.en


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path, {"a.tf": ""}, "a.tf").message.en
    assert "no such file" in refusal(tmp_path, {}, "b.tf").message.en


def test_what_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tf").write_bytes(b"# \xb0\xa1\n")
    assert "not UTF-8" in refusal(tmp_path, {}).message.en


def test_a_module_outside_the_repository_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "main.tf").write_text('resource "alicloud_ecs_disk" "out" {}\n')
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "link").symlink_to(tmp_path / "out")
    inner = 'module "n" {\n  source = "../link"\n}\n'
    files = {
        "main.tf": 'module "m" {\n  source = "../out"\n}\nmodule "i" { source = "./inner" }\n',
        "inner/main.tf": inner + 'resource "alicloud_ecs_disk" "d" {}\n',
    }
    derived = source(tmp_path / "repo", files)
    assert ids(derived, "data_stores") == ["module.i.alicloud_ecs_disk.d"]
    assert [(Path(one.place.path).parent.name, one.place.line) for one in derived.gaps] == [
        ("repo", 2),
        ("inner", 2),
    ]
    for one in derived.gaps:
        assert "is outside the repository" in one.message.en
        assert one.kinds == EVERY_LIST


def test_variables_outside_the_repository_are_refused(tmp_path: Path) -> None:
    (tmp_path / "p.tfvars").write_text("a = 1\n")
    error = refusal(tmp_path / "repo", {"main.tf": ""}, vars=["../p.tfvars"])
    assert "outside the repository" in error.message.en


def test_no_function_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "host.txt").write_text("leaked.etaoche.cn")
    up = "../" * 12
    calls = [
        f'file("{up}{tmp_path}/host.txt")',
        'file("../host.txt")',
        'templatefile ("../host.txt", {})',
        'trimspace(file("../host.txt"))',
    ]
    blocks = "".join(
        f'resource "alicloud_cdn_domain_new" "c{n}" {{\n  domain_name = {call}\n}}\n'
        for n, call in enumerate(calls)
    )
    derived = source(tmp_path / "repo", {"main.tf": blocks})
    assert ids(derived, "sites") == []
    assert gaps(derived)


def test_source_that_is_gone_has_a_place_all_the_same(tmp_path: Path) -> None:
    derived = source(tmp_path, {"main.tf": 'resource "alicloud_ecs_disk" "d" {\n}\n'})
    (tmp_path / "main.tf").unlink()
    assert derived.trace("/data_stores/0/location").place is not None
    assert derived.trace("/data_stores/0/kind").place.line == 1


def test_source_that_was_cut_has_the_line_of_its_block(tmp_path: Path) -> None:
    derived = source(tmp_path, {"main.tf": 'resource "alicloud_ecs_disk" "d" {\n}\n'})
    (tmp_path / "main.tf").write_text('resource "alicloud_ecs_disk" "d" {\n', "utf-8")
    assert derived.trace("/data_stores/0/encryption_at_rest").place.line == 1


LISTS = """
variable "list" {}
variable "secret" {
  sensitive = true
  default   = ["10.9.8.7", { a = 4711 }]
}
resource "alicloud_db_instance" "d" {
  security_ips = ["10.0.0.1", var.list]
}
resource "alicloud_db_instance" "e" {
  security_ips = ["0.0.0.0/0"]
}
resource "alicloud_db_connection" "e" {
  instance_id = alicloud_db_instance.e.id
}
resource "alicloud_instance" "i" {
  data_disks {
    encrypted = true
    kms       = var.list
  }
  data_disks {
    encrypted = var.list
  }
}
module "m" {
  source = "./m"
  secret = [4711, "10.9.8.7", { a = true, b = null }]
}
"""
INSIDE = """
variable "secret" {
  sensitive = true
}
resource "alicloud_db_instance" "d" {
  security_ips = [var.secret[1]]
}
resource "alicloud_log_store" "l" {
  retention_period = var.secret[0]
}
"""


def test_lists_and_blocks_are_known_as_far_as_their_parts_are(tmp_path: Path) -> None:
    derived = source(tmp_path, {"main.tf": LISTS, "m/main.tf": INSIDE})

    def store(name: str) -> Any:
        return element(derived, "data_stores", name)

    assert store("alicloud_db_instance.d")["access"] == {"least_privilege": None}
    assert store("alicloud_db_instance.e")["access"] == {"least_privilege": False}
    assert store("alicloud_instance.i")["encryption_at_rest"] is None
    assert element(derived, "log_stores", "module.m.alicloud_log_store.l")["retention"] is None


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("k = var.open", None),
        ("k = data.x_y.z.name", None),
        ("k = alicloud_ecs_disk.d.name", None),
        ("k = var.open ? 1 : 2", None),
        ('k = "a"', {"days": 180}),
        ("k = alicloud_ecs_disk.d.id", {"days": 180}),
        ("k = null # none", {"days": 30}),
        ("", {"days": 30}),
    ],
)
def test_an_argument_of_a_module_that_is_not_known_is_not_null(
    tmp_path: Path, given: str, found: Any
) -> None:
    files = {
        "main.tf": f"""
variable "open" {{}}
data "x_y" "z" {{}}
resource "alicloud_ecs_disk" "d" {{}}
module "m" {{
  source = "./m"
  {given}
}}
""",
        "m/main.tf": """
variable "k" { default = null }
resource "alicloud_log_store" "l" {
  retention_period = var.k == null ? 30 : 180
}
resource "alicloud_ecs_disk" "e" {
  count = coalesce(var.k, "none") == "none" ? 0 : 1
}
""",
    }
    derived = source(tmp_path, files)
    (store,) = facts(derived)["log_stores"]
    assert store["retention"] == found
    known = found is not None and "disk" not in given
    there = any("module.m.alicloud_ecs_disk.e" in one for one in ids(derived, "data_stores"))
    assert there == (known and found == {"days": 180})
    assert bool(derived.gaps) != known


def test_the_region_of_the_session_is_not_known(tmp_path: Path) -> None:
    written = """
provider "aws" { region = "cn-north-1" }
data "aws_region" "here" {}
resource "aws_s3_bucket" "b" {
  region = data.aws_region.here.name
}
"""
    derived = source(tmp_path, {"main.tf": written})
    assert element(derived, "data_stores", "aws_s3_bucket.b")["location"] is None


KEPT = """
provider "alicloud" {
  region = "cn-beijing"
}
resource "alicloud_log_store" "app" {
  logstore_name    = "app"
  retention_period = 180
  lifecycle {
    IGNORED
  }
}
resource "alicloud_oss_bucket" "b" {
  bucket = "b"
  versioning {
    status = "Enabled"
  }
}
resource "alicloud_log_store" "same" {
  retention_period = alicloud_log_store.app.retention_period
}
"""


@pytest.mark.parametrize(
    "ignored",
    [
        "ignore_changes = [retention_period]",
        "ignore_changes = [hot_ttl, retention_period,]",
        'ignore_changes = ["retention_period"]',
        "ignore_changes = [retention_period[0], retention_period.x, retention_period[*].y]",
        "ignore_changes = all",
        'ignore_changes = ["*"]',
        "ignore_changes = [1]",
    ],
)
def test_what_terraform_leaves_as_others_have_set_it_is_not_known(
    tmp_path: Path, ignored: str
) -> None:
    derived = source(tmp_path, {"main.tf": KEPT.replace("IGNORED", ignored)})
    for store in ("app", "same"):
        at = f"/log_stores/{ids(derived, 'log_stores').index(f'alicloud_log_store.{store}')}"
        assert element(derived, "log_stores", f"alicloud_log_store.{store}")["retention"] is None
        assert derived.trace(f"{at}/retention").status is Status.AFTER_APPLY
    where = derived.trace("/log_stores/0/retention").place
    assert (where.path.name, where.line) == ("main.tf", 9)


@pytest.mark.parametrize("ignored", ["[internet_max_bandwidth_out]", "all"])
def test_what_is_not_set_and_left_as_it_is_has_no_default(tmp_path: Path, ignored: str) -> None:
    text = 'resource "alicloud_instance" "web" {\n  instance_type = "ecs.g7.large"\n  LIFE\n}\n'
    lifecycle = f"lifecycle {{\n ignore_changes = {ignored}\n}}"
    alone = source(tmp_path / "a", {"main.tf": text.replace("LIFE", "")})
    left = source(tmp_path / "b", {"main.tf": text.replace("LIFE", lifecycle)})
    # Without a bandwidth there is no line to the public.
    assert not alone.gaps
    assert "network_links" in {kind for gap in left.gaps for kind in gap.kinds}


EXEC = """
resource "null_resource" "n" {
  provisioner "local-exec" {
    command = <<-E
      COMMAND --RegionId cn-hongkong --name ${alicloud_instance.web.id}
    E
  }
}
"""


@pytest.mark.parametrize(
    ("command", "tool"),
    [
        ("aliyun ecs RunInstances", "aliyun"),
        ("tccli cvm RunInstances", "tccli"),
        ("AWS_REGION=us-east-1 aws ec2 run-instances", "aws"),
        ("/usr/local/bin/aliyun ecs RunInstances", "aliyun"),
        ("ve ecs RunInstances", "ve"),
        ("kubectl apply -f site.yaml", "kubectl"),
        ("helm upgrade --install web ./chart", "helm"),
        ("docker run -d nginx", "docker"),
        ("ansible-playbook site.yml", "ansible-playbook"),
        ("kubectl -n web --kubeconfig k.yaml apply -f site.yaml", "kubectl"),
        ("aws --profile cn s3 mb s3://logs", "aws"),
        ("helm --kubeconfig k.yaml install web ./chart", "helm"),
        ("docker-compose up -d", "docker-compose"),
        ("eksctl create cluster", "eksctl"),
        ("aws eks --region cn-north-1 update-kubeconfig", ""),
        ("aws s3 ls", ""),
        ("aliyun ecs DescribeInstances", ""),
        ("az login", ""),
        ("kubectl get nodes", ""),
        ("kubectl create namespace shop", ""),
        ("kubectl create deployment web --image nginx", "kubectl"),
        ("# we've done it", ""),
        ("echo done", ""),
        ("# aliyun ecs RunInstances", ""),
        ("cat hashicorp/aws files", ""),
    ],
)
def test_a_command_that_calls_a_tool_is_a_gap(tmp_path: Path, command: str, tool: str) -> None:
    derived = source(tmp_path, {"main.tf": EXEC.replace("COMMAND", command)})
    found = [gap for gap in derived.gaps if "command-line tool" in gap.message.en]
    assert [(gap.place.line, tool in gap.message.en, gap.kinds) for gap in found] == (
        [(5, True, EVERY_LIST)] if tool else []
    )


REMOVED = """
removed {
  from = NAME
  lifecycle {
    destroy = DESTROY
  }
}
"""


@pytest.mark.parametrize(
    ("name", "destroy", "kinds"),
    [
        ("alicloud_oss_bucket.logs", "false", {"data_stores", "log_stores"}),
        ("module.shop.alicloud_oss_bucket.logs", "false", {"data_stores", "log_stores"}),
        ("module.shop", "false", EVERY_LIST),
        ("alicloud_oss_bucket.logs", "true", None),
        ("alicloud_ram_role.r", "false", None),
    ],
)
def test_what_is_removed_and_stays_in_the_cloud_is_a_gap(
    tmp_path: Path, name: str, destroy: str, kinds: set[str] | None
) -> None:
    text = NET + REMOVED.replace("NAME", name).replace("DESTROY", destroy)
    found = [gap for gap in source(tmp_path, {"main.tf": text}).gaps if "stays" in gap.message.en]
    assert [gap.kinds for gap in found] == ([kinds] if kinds else [])
    assert all(gap.message.en.startswith(f"{name} is not managed") for gap in found)
