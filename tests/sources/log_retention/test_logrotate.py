"""logrotate: what is certain of rotations, ages and sizes, and what logrotate.conf adds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.log_retention.reading import read, spans, stores, traced
from tests.sources.reading import in_folder, remarks

NAME = "logrotate.d/app"


def block(*lines: str, names: str = "/srv/app/out.log") -> str:
    return f"{names} {{\n" + "".join(f"    {line}\n" for line in lines) + "}\n"


def kept(*lines: str) -> dict[str, Any]:
    (store,) = stores(read(NAME, block(*lines))).values()
    return store


@pytest.mark.parametrize(
    ("lines", "period"),
    [
        (("daily", "rotate 200"), {"days": 200}),
        (("weekly", "rotate 52"), {"days": 364}),
        (("weekly 1", "rotate=26"), {"days": 182}),
        (("monthly", "rotate 6"), {"months": 6}),
        (("yearly", "rotate 1"), {"years": 1}),
        (("hourly", "rotate 4800"), {"days": 200}),
        (("daily", "rotate 0"), {"days": 0}),
        (("daily # each night", "rotate 14 # two weeks"), {"days": 14}),
        # The last of these counts.
        (("size 10M", "daily", "rotate 200"), {"days": 200}),
        (("daily", "rotate 200", "maxage 30"), {"days": 30}),
        (("daily", "rotate 200", "maxage 365"), {"days": 200}),
        (("monthly", "rotate 12", "maxage 180"), {"days": 180}),
        # From February to August there are 181 days.
        (("monthly", "rotate 6", "maxage 183"), {"days": 181}),
        (("yearly", "rotate 2", "maxage 700"), {"days": 700}),
        (("hourly", "rotate 48", "maxage 1"), {"days": 1}),
        # Nothing is deleted by number, so the size of files does not matter.
        (("size 10M", "rotate -1", "maxage 200"), {"days": 200}),
    ],
)
def test_what_time_alone_deletes_has_a_period(lines: tuple[str, ...], period: object) -> None:
    assert kept(*lines) == {"retention": period}


def test_a_period_has_the_place_of_what_sets_it() -> None:
    text = block("daily", "rotate 200", "maxage 30")
    derived = read(NAME, text)
    assert traced(derived, "retention") == (4, "/srv/app/out.log", "maxage", "known")
    assert derived.trace("/log_stores/0/retention").place.excerpt == "    maxage 30"
    assert traced(derived, "kinds")[0] == 1


@pytest.mark.parametrize(
    ("lines", "most", "limits"),
    [
        (("daily", "rotate 30", "maxsize 1G"), {"days": 31}, "maxsize 1G, rotate 30"),
        (("monthly", "rotate 6", "maxsize 1G"), {"months": 7}, "maxsize 1G, rotate 6"),
        (("hourly", "rotate 24", "maxsize 1G"), {"days": 25}, "maxsize 1G, rotate 24"),
        # Written to for a day, older than 30 days on the 31st, seen a day later.
        (("daily", "rotate 99", "maxsize 1G", "maxage 30"), {"days": 33}, "maxsize 1G, rotate 99"),
        (("daily", "rotate 9", "maxsize 1G", "maxage 30"), {"days": 10}, "maxsize 1G, rotate 9"),
        # Delays a rotation, for as long as the file is small.
        (("daily", "rotate 30", "minsize 1M"), None, "minsize 1M, rotate 30"),
        (("daily", "rotate 30", "minsize 1M", "maxage 30"), None, "minsize 1M, rotate 30"),
        (("daily", "size 64M", "rotate 10"), None, "size 64M, rotate 10"),
        (("size=64M", "rotate 10", "maxage 365"), None, "size 64M, rotate 10"),
    ],
)
def test_what_size_deletes_has_at_most_a_bound(
    lines: tuple[str, ...], most: object, limits: str
) -> None:
    derived = read(NAME, block(*lines))
    (store,) = stores(derived).values()
    assert spans(store) == (None, most)
    (remark,) = remarks(derived)
    assert f"({limits})" in remark


@pytest.mark.parametrize(
    ("lines", "attribute"),
    [
        (("daily", "rotate {{ days }}"), "rotate"),
        (("daily", "rotate ${DAYS}"), "rotate"),
        (("daily", "rotate 5", "maxage {{ days }}"), "maxage"),
    ],
)
def test_what_a_variable_sets_is_not_known(lines: tuple[str, ...], attribute: str) -> None:
    derived = read(NAME, block(*lines))
    assert stores(derived) == {f"{NAME}:/srv/app/out.log": {"retention": None}}
    assert traced(derived, "retention")[2:] == (attribute, "known after apply")


def test_what_is_not_rendered_is_a_gap_and_its_periods_are_not_known() -> None:
    derived = read(NAME, "{% if x %}\n" + block("daily", "rotate 200") + "{% endif %}\n")
    assert stores(derived) == {f"{NAME}:/srv/app/out.log": {"retention": None}}
    (gap,) = derived.gaps
    assert (gap.place.line, gap.kinds) == (1, {"log_stores"})
    assert gap.message.en.startswith("this template is not rendered")


@pytest.mark.parametrize(
    "command",
    [
        "find /srv/app -mtime +7 -delete",
        "rm -f /srv/app/*.gz",
        "rm /srv/app/out.log.1",
        "tmpwatch 7d /var/log",
    ],
)
def test_a_script_that_deletes_leaves_no_period(command: str) -> None:
    derived = read(NAME, block("daily", "rotate 200", "postrotate", command, "endscript"))
    assert stores(derived) == {f"{NAME}:/srv/app/out.log": {"retention": None}}
    assert "commands in postrotate delete files" in remarks(derived)[0]


def test_a_block_is_named_by_its_first_pattern() -> None:
    text = (
        "# all of them\n'/srv/a b/x.log'\n/srv/app/*.log\n{\n daily\n rotate 3\n}\n"
        '"/srv/y.log" {}\n/srv/{a,b}.log {\n weekly\n rotate 2\n}\n'
    )
    assert stores(read(NAME, text)) == {
        f"{NAME}:/srv/a b/x.log": {"retention": {"days": 3}},
        f"{NAME}:/srv/y.log": {"retention": None},
        f"{NAME}:/srv/{{a,b}}.log": {"retention": {"days": 14}},
    }


@pytest.mark.parametrize(
    "text",
    [
        "/srv/app/out.log { daily\n rotate 180\n}\n",
        "/srv/app/out.log {\n daily rotate 180\n}\n",
        "/srv/app/out.log\n{\n daily nocompress\n rotate 180 # half a year\n}\n",
    ],
)
def test_several_settings_may_stand_in_one_line(text: str) -> None:
    assert stores(read(NAME, text)) == {f"{NAME}:/srv/app/out.log": {"retention": {"days": 180}}}


def test_a_file_has_the_settings_of_its_first_block() -> None:
    text = block("daily", "rotate 365") + block("daily", "rotate 3")
    derived = read(NAME, text)
    assert stores(derived) == {f"{NAME}:/srv/app/out.log": {"retention": {"days": 365}}}
    assert remarks(derived) == [
        "/srv/app/out.log has settings before, so logrotate leaves the block at line 5 out"
    ]


@pytest.mark.parametrize(
    ("lines", "setting"), [(("missingok",), "rotate"), (("rotate 5",), "daily, weekly")]
)
def test_what_another_file_sets_is_not_known(lines: tuple[str, ...], setting: str) -> None:
    derived = read(NAME, block("sharedscripts", *lines))
    assert f"{setting} is not set here but in logrotate.conf" in " ".join(remarks(derived))


@pytest.mark.parametrize(
    ("names", "kinds"),
    [
        ("/var/log/nginx/*.log", ["access"]),
        ("/var/log/nginx/*log", ["access"]),
        ("/var/log/httpd/*log", ["access"]),
        ("/var/log/apache2/*.log", ["access"]),
        ("/usr/local/nginx/logs/*.log", ["access"]),
        ("/srv/logs/www_access.log /srv/logs/www_error.log", ["access"]),
        ("/srv/logs/user-login.log", ["login"]),
        ("/var/log/nginx/error.log", None),
        ("/var/log/*.log", None),
    ],
)
def test_the_kind_is_what_the_names_say(names: str, kinds: object) -> None:
    (store,) = stores(read(NAME, block("daily", "rotate 3", names=names))).values()
    assert store.get("kinds") == kinds


MAIN = "weekly\nrotate 4\ninclude /etc/logrotate.d\n" + block("monthly", names="/var/log/wtmp")


def test_the_main_file_is_read_with_what_it_includes(tmp_path: Path) -> None:
    files = {
        "etc/logrotate.conf": MAIN,
        "etc/logrotate.d/app": block("missingok"),
        "etc/logrotate.d/app.rpmsave": block("rotate 1"),
        "etc/logrotate.d/web": block("daily", "rotate 9", names="/srv/web.log"),
    }
    known = {
        "etc/logrotate.conf:/var/log/wtmp": {"retention": {"months": 4}},
        "etc/logrotate.d/app:/srv/app/out.log": {"retention": {"days": 28}},
        "etc/logrotate.d/web:/srv/web.log": {"retention": {"days": 9}},
    }
    assert stores(in_folder("log-retention", tmp_path, files, "etc/logrotate.conf")) == known
    whole = stores(in_folder("log-retention", tmp_path, files))
    assert {id_: whole[id_] for id_ in known} == known
    one = in_folder("log-retention", tmp_path, files, "etc/logrotate.d/app")
    (store,) = stores(one).values()
    assert store == {"retention": {"days": 28}}
    assert one.trace("/log_stores/0/retention").place.path == tmp_path / "etc/logrotate.conf"


def test_a_file_is_included_by_its_name(tmp_path: Path) -> None:
    files = {
        "logrotate.conf": "weekly\nrotate 4\ninclude /etc/extra\n",
        "extra": block("missingok"),
    }
    derived = in_folder("log-retention", tmp_path, files, "logrotate.conf")
    assert stores(derived) == {"extra:/srv/app/out.log": {"retention": {"days": 28}}}


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("/a.log {\n rotate 3\n", "}", 1),
        ("/a.log {\n rotate 3\n postrotate\n true\n}\n", "endscript", 3),
    ],
)
def test_what_does_not_end_is_refused(text: str, what: str, line: int) -> None:
    with pytest.raises(InputError) as refused:
        read(NAME, text)
    assert refused.value.message.en == f"{what} is missing"
    assert refused.value.place is not None
    assert refused.value.place.line == line


def test_a_main_file_outside_of_the_repository_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "logrotate.conf").write_text("daily\nrotate 7\n")
    derived = in_folder(
        "log-retention", tmp_path / "logrotate.d", {"app": block("missingok")}, "app"
    )
    assert stores(derived) == {"app:/srv/app/out.log": {"retention": None}}


@pytest.mark.parametrize(
    "command",
    [
        "find /srv/app -type f -mtime +7 -exec rm {} +",
        "find /srv/app -mtime +7 | xargs rm",
        "find /srv/app \\\n -mtime +7 \\\n -exec rm -f {} \\;",
    ],
)
def test_what_a_script_finds_and_removes_has_no_period(command: str) -> None:
    lines = ("daily", "rotate 200", "postrotate", *command.splitlines(), "endscript")
    assert kept(*lines) == {"retention": None}


@pytest.mark.parametrize(
    "first", ["/a.log { daily rotate 200 }", "/a.log {\n  rotate 200\n  daily }"]
)
def test_a_block_may_end_on_the_line_of_its_settings(first: str) -> None:
    found = stores(read("logrotate.d/app", f"{first}\n/b.log {{\n  daily\n  rotate 7\n}}\n"))
    assert found == {
        "logrotate.d/app:/a.log": {"retention": {"days": 200}},
        "logrotate.d/app:/b.log": {"retention": {"days": 7}},
    }


def test_a_block_without_settings_takes_those_of_the_file() -> None:
    text = "daily\nrotate 200\n/a.log { }\nrotate 7\n/b.log {\n}\n"
    found = stores(read("logrotate.conf", text))
    assert [one["retention"] for one in found.values()] == [{"days": 200}, {"days": 7}]


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("crontab", "0 1 * * * find /var/log/nginx -name '*.gz' -mtime +7 -delete"),
        ("cron.d/clean", "0 1 * * * root find /data/logs -mtime +7 | xargs rm -f"),
        ("bin/clean.sh", "find /srv/logs \\\n  -mtime +7 \\\n  -exec rm {} +"),
        ("bin/clean.sh", "curl -u a:b -XDELETE http://es:9200/nginx-$(date -d '30 days ago' +%F)"),
        ("bin/clean.sh", "curator --config a.yml b.yml"),
    ],
)
def test_a_command_that_deletes_logs_again_and_again_is_a_gap(
    name: str, command: str, tmp_path: Path
) -> None:
    files = {name: f"#!/bin/sh\n{command}\n", "logrotate.d/a": "/a.log {\n daily\n rotate 200\n}\n"}
    derived = in_folder("log-retention", tmp_path, files)
    assert list(stores(derived)) == ["logrotate.d/a:/a.log"]
    (gap,) = derived.gaps
    assert gap.kinds == {"log_stores"}
    assert (gap.place.path, gap.place.line) == (tmp_path / name, 2)
    assert gap.place.excerpt == ""


@pytest.mark.parametrize(
    "command",
    [
        "# find /var/log -mtime +7 -delete",
        "find /srv/backup -mtime +7 -delete",
        "rm -f /var/log/shop/install.log",
        "find /var/log -mtime +7",
        "curl -X DELETE http://shop/cache",
    ],
)
def test_a_command_that_deletes_something_else_is_none(command: str, tmp_path: Path) -> None:
    files = {"clean.sh": f"{command}\n", "logrotate.d/a": "/a.log {\n daily\n rotate 200\n}\n"}
    assert not in_folder("log-retention", tmp_path, files).gaps
