from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.sources import server_files
from pytest_icp.sources.nginx.config import Configuration
from pytest_icp.sources.request import Request


def read(folder, name="nginx.conf", **roots):
    there = {key.replace("_", "/"): value for key, value in roots.items()}
    request = Request(path=folder / name, root=folder, folder=folder, settings={"roots": there})
    read = Configuration(request)
    return read, read.tree(folder / name)


def outline(tree):
    return [(d.name, *d.args, *([outline(d.block)] if d.block is not None else [])) for d in tree]


def test_relative_includes_start_at_the_folder_of_the_main_file(tmp_path):
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "nginx.conf").write_text("http { include conf.d/*.conf; include one.conf; }")
    (tmp_path / "conf.d" / "b.conf").write_text("b 1;")
    (tmp_path / "conf.d" / "a.conf").write_text("a 1; include one.conf;")
    (tmp_path / "conf.d" / "folder.conf").mkdir()
    (tmp_path / "one.conf").write_text("one 1;")
    read_, tree = read(tmp_path)
    assert outline(tree) == [("http", [("a", "1"), ("one", "1"), ("b", "1"), ("one", "1")])]
    assert read_.missing_includes == []
    # Of a fragment the main file's folder is one of those above it.
    _, tree = read(tmp_path, "conf.d/a.conf")
    assert outline(tree) == [("a", "1"), ("one", "1")]


def test_the_name_of_a_folder_is_no_pattern(tmp_path):
    folder = tmp_path / "[ab]*"
    (folder / "conf.d").mkdir(parents=True)
    (folder / "nginx.conf").write_text("include conf.d/[xy].conf; include /srv/*.conf;")
    (folder / "conf.d" / "y.conf").write_text("y 1;")
    _, tree = read(folder, _srv="conf.d")
    assert outline(tree) == [("y", "1"), ("y", "1")]


def test_a_wildcard_that_matches_nothing_includes_nothing(tmp_path):
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "nginx.conf").write_text("include conf.d/*.conf;")
    read_, tree = read(tmp_path)
    assert tree == ()
    assert read_.missing_includes == []


@pytest.mark.parametrize(
    "pattern",
    ["/etc/nginx/mime.types", "conf.d/*.conf", "gone.conf", "../../*.conf", "/etc/[a", "*/../../*"],
)
def test_what_is_not_in_the_repository_is_missed_and_never_read(tmp_path, pattern):
    (tmp_path / "nginx.conf").write_text(f"http {{ include {pattern}; }}")
    read_, tree = read(tmp_path)
    assert outline(tree) == [("http", [])]
    (missing_includes,) = read_.missing_includes
    assert missing_includes.directive.args == (pattern,)
    assert missing_includes.inside == ("http",)


def test_roots_say_where_an_absolute_include_is(tmp_path):
    (tmp_path / "nginx").mkdir()
    (tmp_path / "nginx" / "a.conf").write_text("a 1;")
    (tmp_path / "nginx.conf").write_text("include /etc/nginx/*.conf;")
    read_, tree = read(tmp_path, _etc_nginx="nginx")
    assert outline(tree) == [("a", "1")]
    assert read_.missing_includes == []


def test_the_folder_that_nginx_is_installed_in_is_that_of_the_main_file(tmp_path):
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "conf.d" / "a.conf").write_text("a 1;")
    (tmp_path / "nginx.conf").write_text(
        "include /etc/nginx/conf.d/*.conf; include /etc/nginx/sites/*; include /opt/conf.d/*;"
    )
    read_, tree = read(tmp_path)
    assert outline(tree) == [("a", "1")]
    assert len(read_.missing_includes) == 2
    # Of a part of a configuration it is not known what folder it is in.
    (tmp_path / "conf.d" / "b.conf").write_text("include /etc/nginx/a.conf;")
    read_, tree = read(tmp_path, "conf.d/b.conf")
    assert len(read_.missing_includes) == 1


def test_a_link_out_of_the_repository_is_refused(tmp_path):
    repository = tmp_path / "repository"
    (repository / "conf.d").mkdir(parents=True)
    (tmp_path / "secret.conf").write_text("password hunter2;")
    (repository / "conf.d" / "a.conf").symlink_to(tmp_path / "secret.conf")
    (repository / "nginx.conf").write_text("include conf.d/*.conf;")
    with pytest.raises(InputError, match="outside the repository"):
        read(repository)


def test_an_include_that_includes_itself(tmp_path):
    (tmp_path / "nginx.conf").write_text("http {\n  include a.conf;\n}")
    (tmp_path / "a.conf").write_text("x 1;\ninclude nginx.conf;")
    with pytest.raises(InputError, match=r"a\.conf:2:9: the file includes itself"):
        read(tmp_path)


def test_includes_that_multiply(tmp_path, monkeypatch):
    monkeypatch.setattr(server_files, "MOST_FILES", 20)
    (tmp_path / "nginx.conf").write_text("include a.conf; include a.conf;" * 3)
    (tmp_path / "a.conf").write_text("include b.conf;" * 4)
    (tmp_path / "b.conf").write_text("x 1;")
    with pytest.raises(InputError, match="too many files"):
        read(tmp_path)


def test_standard_input_includes_nothing_from_outside_the_repository(tmp_path):
    request = Request(path=Path("-"), root=tmp_path, given=b"include pyproject.toml;")
    read_ = Configuration(request)
    assert read_.tree(request.path) == ()
    assert len(read_.missing_includes) == 1


def test_the_repository_may_be_the_whole_machine(tmp_path):
    (tmp_path / "nginx.conf").write_text("include of-no-machine.conf;")
    request = Request(path=tmp_path / "nginx.conf", root=Path("/"))
    read_ = Configuration(request)
    assert read_.tree(request.path) == ()
    assert len(read_.missing_includes) == 1
