"""Answers that are parts, errors or nothing, folders of answers, and where each fact stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.derived import Status
from pytest_icp.law.errors import InputError
from tests.sources.reading import facts, gaps, given, ids, in_folder


def instances(*names: str, zone: str = "ap-beijing-3", **more: Any) -> str:
    """An answer of tccli with these instances."""
    listed = [{"InstanceId": name, "Placement": {"Zone": zone}} for name in names]
    return json.dumps({"InstanceSet": listed, **more})


def refused(text: str | bytes) -> InputError:
    with pytest.raises(InputError) as error:
        given("cloud-export", text)
    return error.value


def test_a_fact_stands_at_its_line_under_the_name_of_the_tool() -> None:
    text = (
        '{"InstanceSet": [\n {"InstanceId": "ins-1",\n  "Placement":\n  {"Zone": "ap-beijing-3"}}]}'
    )
    derived = given("cloud-export", text)
    found = derived.trace("/servers/0/location")
    assert (found.place.line, found.address, found.attribute) == (4, "ins-1", "Placement.Zone")
    assert found.place.excerpt.strip() == ""
    assert found.status is Status.KNOWN
    assert derived.names("servers", "ins-1") == ["ins-1"]
    absent = derived.trace("/servers/0/ips")
    assert absent.status is not Status.KNOWN
    assert derived.trace("/nothing").place.path == Path("-")


@pytest.mark.parametrize(
    "tags",
    [
        {"Tags": [{"Key": "data", "Value": "personal"}]},
        {"InstanceTags": [{"TagKey": "data", "TagValue": "personal"}, {"TagKey": 1}]},
        {"Tags": {"Tag": [{"TagKey": "data", "TagValue": "personal"}]}},
        {"TagList": [{"key": "data", "value": "personal"}]},
        {"tags": ["data=personal", "empty"]},
        {"Tags": [{"Key": "personal", "Value": "true"}]},
    ],
)
def test_tags_are_names(tags: dict[str, Any]) -> None:
    item = {"InstanceId": "ins-1", "Placement": {"Zone": "ap-beijing-3"}, **tags}
    derived = given("cloud-export", json.dumps({"InstanceSet": [item]}))
    assert derived.names("servers", "ins-1")[:2] == ["ins-1", "personal"]


@pytest.mark.parametrize(
    "answer",
    [
        {"logstoreName": "cpu", "ttl": 15, "shardCount": 2, "telemetryType": "Metrics"},
        {"Topics": [{"TopicId": "t", "LogsetId": "l", "Period": 7, "BizType": 1}]},
    ],
)
def test_a_store_of_metrics_is_no_log_store(answer: dict[str, Any]) -> None:
    derived = given("cloud-export", json.dumps(answer))
    assert (facts(derived), derived.gaps) == ({}, ())


def test_an_answer_that_is_a_part() -> None:
    derived = given("cloud-export", instances("a", "b", TotalCount=57))
    (gap,) = gaps(derived)
    assert gap == (
        "only 2 of 57 items are there (tccli cvm DescribeInstances); get the other pages with "
        "--Limit 100 and --Offset, into the same folder"
    )
    assert derived.gaps[0].kinds == {"servers", "network_links", "data_stores"}


def test_an_answer_with_a_token_of_the_next_page() -> None:
    derived = given("cloud-export", '{"logGroups":[{"logGroupName":"a"}],"NextToken":"eyJ"}')
    (gap,) = gaps(derived)
    assert gap == (
        "there is another page after 1 item (aws logs describe-log-groups); leave out --max-items "
        "and --no-paginate, and the tool gets all pages"
    )


def test_the_pages_of_one_region_are_one_answer(tmp_path: Path) -> None:
    pages = {
        "1.json": instances("a", "b", TotalCount=3),
        "2.json": instances("c", zone="ap-beijing-4", TotalCount=3),
    }
    derived = in_folder("cloud-export", tmp_path, pages)
    assert not derived.gaps
    assert ids(derived, "servers") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"Code":"Forbidden.RAM","Message":"no","RequestId":"1","HostId":"x"}', "Forbidden.RAM"),
        ('{"Response":{"Error":{"Code":"AuthFailure","Message":"no"}}}', "AuthFailure"),
        ('{"ResponseMetadata":{"Error":{"Code":"AccessDenied"}}}', "AccessDenied"),
        ('{"error":{"code":"Ecs","message":"no"}}', "Ecs"),
        ('{"error_code":"LTS0403","error_msg":"no"}', "LTS0403"),
        ('{"errorCode":"ProjectNotExist","errorMessage":"no"}', "ProjectNotExist"),
    ],
)
def test_an_error_of_the_tool(text: str, code: str) -> None:
    assert refused(text).message.en == f"the tool answered with the error {code}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "InstanceId | Status\n---------- | ------\ni-1 | Running\n",
        "-------------------\n|  DescribeInstances  |\n+-----------------+\n||  Reservations ||\n",
        "RESERVATIONS\t1\tr-1\nINSTANCES\ti-1\n",
        "ERROR: SDK.ServerError\nErrorCode: Forbidden.RAM\n",
        "\nAn error occurred (UnauthorizedOperation) when calling the operation\n",
        '{"InstanceSet":[]}\n---\n{"InstanceSet":[]}\n',
    ],
)
def test_what_is_no_json(text: str) -> None:
    error = refused(text)
    assert error.message.en == "this is not the JSON of a command-line tool"
    assert "--output json" in error.hint.en
    assert "--output json" in error.hint.zh


def test_json_that_is_cut_off(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        in_folder("cloud-export", tmp_path, {"a.json": '{"InstanceSet":[{"InstanceId":"s3cr3t'})
    assert "s3cr3t" not in str(error.value)


def test_an_answer_of_no_call_that_is_known() -> None:
    error = refused('{"Users":{"User":[]},"pass word":1,"RequestId":"x"}')
    assert error.message.en == "no call that is known answers like this (Users, RequestId)"
    assert refused('{"Code":200,"code":"a b"}').message.en.endswith("(Code, code)")
    for text in ('[{"InstanceId":"i-1"}]', '{"~":1}', "{}"):
        assert "--query" in refused(text).message.en


def test_one_file_of_a_folder_that_is_no_answer(tmp_path: Path) -> None:
    files = {
        "a.json": instances("a"),
        "b.json": '{"Code":"Forbidden","Message":"m"}',
        "c.json": "x",
    }
    derived = in_folder("cloud-export", tmp_path, files)
    assert ids(derived, "servers") == ["a"]
    assert [gap.place.path for gap in derived.gaps] == [tmp_path / "b.json", tmp_path / "c.json"]
    assert all("servers" in gap.kinds and "log_stores" in gap.kinds for gap in derived.gaps)


def test_an_item_without_an_id() -> None:
    derived = given(
        "cloud-export", '{"Reservations":[{"Instances":[{"InstanceId":""},{"InstanceId":"i"}]}]}'
    )
    assert ids(derived, "servers") == ["i"]
    assert gaps(derived) == ["an item in the answer of aws ec2 describe-instances has no id"]


RECORDS = '{"RecordList":[{"RecordId":1,"Name":"www","Type":"A","Value":"1.14.0.1"}]}'


def test_records_that_do_not_name_their_domain() -> None:
    derived = given("cloud-export", RECORDS)
    assert not derived.facts
    (gap,) = gaps(derived)
    assert gap == (
        "the answer of tccli dnspod DescribeRecordList does not name its domain, so its sites are "
        "not known; add `origin: DOMAIN` to this source"
    )
    assert derived.gaps[0].kinds == {"sites", "domains"}


def test_one_origin_is_not_that_of_two_answers(tmp_path: Path) -> None:
    files = {"a.json": RECORDS, "b.json": RECORDS}
    derived = in_folder("cloud-export", tmp_path, files, origin="etaoche.cn")
    assert ids(derived, "sites") == ["www.etaoche.cn"]
    assert "several answers" in gaps(derived)[0]


def test_a_record_leads_to_the_machine_behind_it(tmp_path: Path) -> None:
    record = {"RecordId": "1", "RR": "www", "DomainName": "etaoche.cn", "Type": "A"}
    machine = {
        "InstanceId": "i-1",
        "RegionId": "cn-beijing",
        "PublicIpAddress": {"IpAddress": []},
        "EipAddress": {"AllocationId": "eip-1", "IpAddress": "39.106.1.1"},
    }
    files = {
        "records.json": json.dumps(
            {"DomainRecords": {"Record": [{**record, "Value": "39.106.1.1"}]}}
        ),
        "instances.json": json.dumps({"Instances": {"Instance": [machine]}}),
    }
    derived = in_folder("cloud-export", tmp_path, files)
    (site,) = facts(derived)["sites"]
    assert (site["public"], site["servers"]) == (True, ["i-1"])
    assert site["access_provider"] == {"name": "阿里云计算有限公司"}
    assert facts(derived)["servers"][0]["site_ids"] == ["www.etaoche.cn"]


def test_no_secret_is_read() -> None:
    item = {
        "InstanceId": "i-1",
        "UserData": "s3cr3t",
        "Password": "s3cr3t",
        "Placement": {"Zone": "x"},
    }
    derived = given("cloud-export", json.dumps({"InstanceSet": [item]}))
    shown = [derived.trace(f"/servers/0/{fact}") for fact in ("id", "location", "ips")]
    assert "s3cr3t" not in json.dumps(derived.facts) + repr(shown)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_powershell_writes(encoding: str) -> None:
    assert ids(given("cloud-export", instances("a").encode(encoding)), "servers") == ["a"]
