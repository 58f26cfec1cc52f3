"""Buckets that logs are written into are log stores, and their lifecycle is how long they keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.derived import Derived
from tests.sources.plan_files import change, declared, plan, read, source
from tests.sources.reading import element, facts, gaps, ids, status

FOR_EVER = {"years": 100}
LOGS, WEB = "aws_s3_bucket.logs", "aws_s3_bucket.web"
RULES = "aws_s3_bucket_lifecycle_configuration.logs"
LOGGING = "aws_s3_bucket_logging.web"


def kept(derived: Derived, bucket: str = LOGS) -> Any:
    return element(derived, "log_stores", bucket)["retention"]


def aws(*rules: Any, prefix: str | None = "app/", unknown: Any = None, **more: Any) -> Derived:
    """Read a plan of a bucket with access logs of another one, and rules for it."""
    logging = {"bucket": "web", "target_bucket": "logs", "target_prefix": prefix}
    lifecycle = {"bucket": "logs", "rule": [*rules]}
    return read(
        plan(
            change(WEB, {"bucket": "web"}),
            change(LOGS, {"bucket": "logs"}),
            change(LOGGING, logging),
            *([change(RULES, lifecycle, unknown)] if rules or unknown else []),
            **more,
        )
    )


def rule(days: int | None = 90, prefix: str | None = None, **more: Any) -> dict[str, Any]:
    within = [{"prefix": prefix}] if prefix is not None else []
    return {"status": "Enabled", "filter": within, "expiration": [{"days": days}]} | more


def test_a_bucket_with_access_logs_is_a_log_store() -> None:
    derived = aws(rule(90))
    assert facts(derived)["log_stores"] == [
        {"id": LOGS, "kinds": ["access"], "retention": {"days": 90}}
    ]
    found = derived.trace("/log_stores/0/retention")
    assert (found.address, found.attribute) == (RULES, "rule.expiration.days")
    assert derived.trace("/log_stores/0/kinds").address == LOGGING
    assert ids(derived, "data_stores") == [WEB, LOGS]


NOTHING = {"status": "Enabled", "expiration": []}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], FOR_EVER),
        ([rule(180)], {"days": 180}),
        ([rule(180, "")], {"days": 180}),
        ([rule(180, "app/")], {"days": 180}),
        ([rule(180, "a")], {"days": 180}),
        ([rule(30, "other/")], FOR_EVER),
        ([rule(365), rule(30, "app/")], {"days": 30}),
        ([rule(30, status="Disabled")], FOR_EVER),
        ([rule(30, status="Disabled"), rule(200)], {"days": 200}),
        ([NOTHING], FOR_EVER),
        ([rule(None, expiration=[{"days": 0, "expired_object_delete_marker": True}])], FOR_EVER),
        ([rule(30, filter=[{"and": [{"prefix": "app/", "tags": {}}]}])], {"days": 30}),
        ([rule(30, filter=None, prefix="app/")], {"days": 30}),
        # What holds for a part of the logs, or on a day, leaves it open, unless it is later.
        ([rule(30, "app/old/")], None),
        ([rule(200), rule(30, "app/old/")], {"at_most": {"days": 200}}),
        ([rule(200), rule(300, "app/old/")], {"days": 200}),
        ([rule(30, filter=[{"and": [{"prefix": "app/", "tags": {"a": "b"}}]}])], None),
        ([rule(30, filter=[{"object_size_greater_than": 9}])], None),
        ([rule(None, expiration=[{"date": "2027-01-01T00:00:00Z"}])], None),
        (
            [rule(200), rule(None, expiration=[{"date": "2027-01-01T00:00:00Z"}])],
            {"at_most": {"days": 200}},
        ),
    ],
)
def test_the_shortest_rule_that_holds_for_the_logs_counts(rules: list[Any], expected: Any) -> None:
    assert kept(aws(*rules)) == expected


@pytest.mark.parametrize(
    ("known", "unknown", "expected"),
    [
        ({"status": "Enabled", "expiration": [{}]}, {"expiration": [{"days": True}]}, None),
        ({"expiration": [{"days": 30}]}, {"status": True}, None),
        ({"status": "Enabled", "expiration": [{"days": 30}]}, {"filter": [{"prefix": True}]}, None),
        (rule(30), {"id": True}, {"days": 30}),
    ],
)
def test_what_is_known_only_after_apply_is_not_known(
    known: Any, unknown: Any, expected: Any
) -> None:
    assert kept(aws(known, unknown={"rule": [unknown]})) == expected
    assert kept(aws(known, unknown={"rule": [unknown, {}]})) is None
    assert kept(aws(unknown={"rule": True})) is None
    assert status(aws(unknown={"rule": True}), "/log_stores/0/retention") == "known after apply"


def test_what_is_computed_and_not_written_narrows_nothing() -> None:
    written = declared(RULES, rule=[{"expiration": [{"days": {"constant_value": 30}}]}])
    derived = aws(rule(30), unknown={"rule": [{"prefix": True}]}, resources=[written])
    assert kept(derived) == {"days": 30}


def test_a_prefix_that_is_not_known_is_held_by_a_rule_of_the_whole_bucket_only() -> None:
    logging = {"bucket": "web", "target_bucket": "logs"}
    entries = [
        change(LOGS, {"bucket": "logs"}),
        change(LOGGING, logging, {"target_prefix": True}),
    ]
    for prefix, expected in (("", {"days": 30}), ("app/", None)):
        lifecycle = {"bucket": "logs", "rule": [rule(30, prefix)]}
        assert kept(read(plan(*entries, change(RULES, lifecycle)))) == expected


def test_rules_of_a_bucket_that_is_not_known_may_be_of_this_one() -> None:
    entries = [
        change(LOGS, {"bucket": "logs"}),
        change(LOGGING, {"target_bucket": "logs"}),
    ]
    loose = change(RULES, {"rule": [rule(30)]}, {"bucket": True})
    other = change(RULES, {"bucket": "other", "rule": [rule(30)]})
    assert kept(read(plan(*entries, loose))) is None
    assert kept(read(plan(*entries, other))) == FOR_EVER


def test_a_lifecycle_of_a_type_that_is_not_read_may_be_of_this_bucket() -> None:
    other = change("aws_s3_bucket_lifecycle_rule.x", {"bucket": "logs", "days": 7})
    logging = {"bucket": "web", "target_bucket": "logs"}
    entries = [change(LOGS, {"bucket": "logs"}), change(LOGGING, logging), other]
    assert kept(read(plan(*entries))) is None
    rules = change(RULES, {"bucket": "logs", "rule": [rule(90)]})
    derived = read(plan(*entries, rules))
    assert kept(derived) == {"at_most": {"days": 90}}
    (gap,) = (one for one in derived.gaps if "log_stores" not in one.kinds)
    assert "aws_s3_bucket_lifecycle_rule.x" in gap.message.en


def test_a_bucket_that_is_nowhere_to_be_seen_is_not_lost() -> None:
    derived = read(plan(change(LOGGING, {"target_bucket": "elsewhere"})))
    assert facts(derived) == {"log_stores": [{"id": LOGGING, "kinds": ["access"]}]}
    inline = {"bucket": "web", "logging": [{"target_bucket": "elsewhere"}]}
    derived = read(plan(change(WEB, inline)))
    assert "log_stores" not in facts(derived)
    (gap,) = derived.gaps
    assert gap.kinds == {"log_stores"}
    (said,) = gaps(derived)
    assert said.startswith(f"{WEB}: the bucket or store that its logs are written into is")


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [
        ("alicloud_cdn_real_time_log_delivery", "logstore"),
        ("huaweicloud_elb_logtank", "log_topic_id"),
        ("tencentcloud_clb_instance", "log_topic_id"),
        ("volcengine_alb_tls_access_log", "topic_id"),
    ],
)
def test_a_store_that_is_nowhere_to_be_seen_is_a_gap(kind: str, attribute: str) -> None:
    def missing(after: dict[str, Any], unknown: Any = None) -> int:
        return sum(
            "log_stores" in gap.kinds
            for gap in read(plan(change(f"{kind}.a", after, unknown))).gaps
        )

    assert missing({attribute: "elsewhere"}) == 1
    assert missing({}) == missing({}, {attribute: True}) == 0


def test_several_logs_in_one_bucket_are_kept_as_long_as_the_first_that_goes() -> None:
    trail = change("aws_cloudtrail.t", {"s3_bucket_name": "logs", "s3_key_prefix": "trail"})
    logging = change(LOGGING, {"target_bucket": "logs", "target_prefix": "web/"})
    bucket = change(LOGS, {"bucket": "logs"})
    for rules, expected in (
        ([rule(400, "web/"), rule(90, "trail/AWSLogs/")], {"days": 90}),
        ([rule(400, "web/")], {"days": 400}),
        ([rule(90, "trail/AWSLogs/x")], None),
        ([rule(400, "web/"), rule(90, "trail/AWSLogs/x")], {"at_most": {"days": 400}}),
    ):
        lifecycle = change(RULES, {"bucket": "logs", "rule": rules})
        derived = read(plan(bucket, trail, logging, lifecycle))
        (store,) = facts(derived)["log_stores"]
        kinds = ["admin", "access"]
        assert store == {"id": LOGS, "kinds": kinds, "retention": expected}


def test_source_of_which_it_is_not_known_whether_there_are_rules(tmp_path: Path) -> None:
    text = SOURCE.replace(
        "  bucket = aws_s3_bucket.logs.id\n",
        "  for_each = var.days\n  bucket = aws_s3_bucket.logs.id\n",
        1,
    )
    (gap,) = source(tmp_path, {"main.tf": text}).gaps
    assert gap.kinds == {"log_stores"}


def test_logging_that_is_off_makes_no_log_store() -> None:
    logging = {"logging": [{"target_bucket": "logs"}], "logging_isenable": False}
    buckets = change("alicloud_oss_bucket.l", {"bucket": "logs"})
    derived = read(plan(buckets, change("alicloud_oss_bucket.w", {"bucket": "web", **logging})))
    assert "log_stores" not in derived.facts


def test_a_trail_that_is_off_and_a_log_group_of_a_trail() -> None:
    off = change("tencentcloud_audit_track.a", {"status": 0})
    assert read(plan(off)).facts == {}
    trail = {"enable_logging": False, "s3_bucket_name": "logs"}
    logs = change(LOGS, {"bucket": "logs"})
    assert "log_stores" not in read(plan(logs, change("aws_cloudtrail.t", trail))).facts
    group = "aws_cloudwatch_log_group.g"
    derived = read(
        plan(
            change(group, {"arn": "arn:g", "retention_in_days": 30}),
            change("aws_cloudtrail.t", {"cloud_watch_logs_group_arn": "arn:g"}),
            change("aws_flow_log.f", {"log_destination": "arn:g"}),
        )
    )
    assert element(derived, "log_stores", group) == {
        "id": group,
        "retention": {"days": 30},
        "kinds": ["admin"],
    }


SOURCE = """
provider "aws" {
  region = "cn-north-1"
}
variable "days" {}
resource "aws_s3_bucket" "logs" {
  bucket = "etaoche-logs"
}
resource "aws_s3_bucket" "web" {
  bucket = "etaoche-web"
}
resource "aws_s3_bucket_logging" "web" {
  bucket        = aws_s3_bucket.web.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "web/"
}
resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    id     = "old"
    status = "Enabled"
    filter {
      prefix = "web/"
    }
    expiration {
      days = 90
    }
  }
  rule {
    id     = "later"
    status = "Disabled"
    expiration {
      days = 7
    }
  }
}
"""


def test_source_tells_the_same(tmp_path: Path) -> None:
    derived = source(tmp_path, {"main.tf": SOURCE})
    assert facts(derived)["log_stores"] == [
        {"id": LOGS, "kinds": ["access"], "retention": {"days": 90}}
    ]
    lines = SOURCE.splitlines()
    assert derived.trace("/log_stores/0/retention").place.line == lines.index("      days = 90") + 1
    later = SOURCE.replace("Disabled", "Enabled")
    derived = source(tmp_path, {"main.tf": later})
    assert kept(derived) == {"days": 7}
    found = derived.trace("/log_stores/0/retention")
    assert found.attribute == "rule.1.expiration.days"
    assert found.place.line == lines.index("      days = 7") + 1
    unknown = source(tmp_path, {"main.tf": SOURCE.replace("days = 90", "days = var.days")})
    assert kept(unknown) is None
    head, _, _ = SOURCE.partition("  rule {")
    made = """  dynamic "rule" {
    for_each = var.days
    content {
      status = "Enabled"
    }
  }
}
"""
    assert kept(source(tmp_path, {"main.tf": head + made})) is None


@pytest.mark.parametrize(
    ("period", "unknown", "rules", "expected"),
    [
        (90, {}, [], {"days": 90}),
        (0, {}, [], FOR_EVER),
        (None, {}, [], FOR_EVER),
        (None, {"obs_retention_period": True}, [], None),
        (180, {}, [{"enabled": True, "expiration": [{"days": 60}]}], {"days": 60}),
        (30, {}, [{"enabled": True, "expiration": [{"days": 60}]}], {"days": 30}),
    ],
)
def test_a_period_that_the_writer_of_logs_sets(
    period: int | None, unknown: Any, rules: list[Any], expected: Any
) -> None:
    bucket, tracker = "huaweicloud_obs_bucket.logs", "huaweicloud_cts_data_tracker.t"
    after = {"bucket_name": "logs", "obs_retention_period": period, "file_prefix": "cts"}
    derived = read(
        plan(
            change(bucket, {"bucket": "logs", "lifecycle_rule": rules}),
            change(tracker, after, unknown),
        )
    )
    assert kept(derived, bucket) == expected
