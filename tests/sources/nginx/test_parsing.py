from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.files.budget import Meter
from pytest_icp.law.errors import InputError
from pytest_icp.sources import server_files
from pytest_icp.sources.nginx import parse
from pytest_icp.sources.server_files import ConfigText
from tests.sources.reading import read, sites


def parsed(text):
    return parse(ConfigText.read(Path("nginx.conf"), text.encode()), Meter())


def outline(tree):
    return [(d.name, *d.args, *([outline(d.block)] if d.block is not None else [])) for d in tree]


def test_lua_in_a_block_is_no_directive():
    lua = "set_by_lua_block $a { if x then ngx.say('}', \"}\") --}\n end }\nroot /a;"
    assert outline(parsed(lua)) == [("set_by_lua_block", "$a"), ("root", "/a")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_place_of_an_argument(end):
    lines = ["server {", "  server_name www.example.cn", "    example.cn;", "}"]
    (server,) = parsed(end.join(lines))
    (names,) = server.block
    assert str(names.place()).endswith("nginx.conf:2:3")
    assert str(names.at(names.words[1]).place()).endswith("nginx.conf:2:15")
    place = names.at(names.words[2]).place()
    assert (place.line, place.column, place.width, place.excerpt) == (3, 5, 10, "    example.cn")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("server {\n  listen 80\n}", "2:3: `listen` does not end in `;`"),
        ("server {\n  root /a\n  location / { }\n}", "2:3: `root` does not end in `;`"),
        ("listen 80", "1:1: `listen` does not end in `;`"),
        ("http {\n  server {\n    root /a;\n", "2:3: the block is not closed"),
        ("a 1;\n}", "2:1: one `}` too many"),
        ("a 'b", "1:3: a quotation mark is not closed"),
        ('a "b', "1:3: a quotation mark is not closed"),
        ("a ${b", "1:5: `b` does not end in `;`"),
        ("content_by_lua_block {\n if", "1:22: the block is not closed"),
        ("server { sever_name a.cn; }", "1:10: unknown directive `sever_name`"),
        ("a {" * 100 + "}" * 100, "blocks are nested too deeply"),
        ("a\0b;", "a binary file"),
    ],
)
def test_what_nginx_could_not_read_is_refused_with_its_place(text, told):
    with pytest.raises(InputError) as refused:
        parsed(text)
    assert told in str(refused.value)


def test_a_file_that_is_too_large(monkeypatch):
    monkeypatch.setattr(server_files, "LARGEST", 10)
    with pytest.raises(InputError, match="not a configuration"):
        parsed("listen 80;;")


MAIN = "nginx.conf"
SITE = "server { server_name %s.cn; }"


def found(folder, files, path=MAIN, **roots):
    there = {key.replace("_", "/"): value for key, value in roots.items()}
    derived = read(folder, "nginx", files, path, roots=there)
    return list(sites(derived)), len(derived.gaps)


@pytest.mark.parametrize(
    ("main", "names", "gaps"),
    [
        ("http { include conf.d/*.conf; include one.conf; }", ["a.cn", "one.cn", "b.cn"], 0),
        ("include conf.d/x*.conf;", [], 0),
        ("include /srv/*.conf;", ["a.cn", "one.cn", "b.cn"], 0),
        # The folder that nginx is installed in is that of the main file.
        ("include /etc/nginx/conf.d/b.conf; include /etc/nginx/sites/*;", ["b.cn"], 1),
        ("include gone.conf; include ../../*.conf; include */../../*; include /etc/[a;", [], 4),
    ],
)
def test_files_are_included(tmp_path, main, names, gaps):
    files = {
        MAIN: main,
        "conf.d/b.conf": SITE % "b",
        "conf.d/a.conf": SITE % "a" + "include one.conf;",
        "conf.d/folder.conf/x": "",
        "one.conf": SITE % "one",
    }
    assert found(tmp_path, files, _srv="conf.d") == (names, gaps)
    # Of a fragment the main file's folder is one of those above it.
    assert found(tmp_path, files, "conf.d/a.conf") == (["a.cn", "one.cn"], 0)


def test_a_link_out_of_the_repository_is_refused(tmp_path):
    folder = tmp_path / "repository"
    (folder / "conf.d").mkdir(parents=True)
    (tmp_path / "secret.conf").write_text("password hunter2;")
    (folder / "conf.d" / "a.conf").symlink_to(tmp_path / "secret.conf")
    with pytest.raises(InputError, match="outside the repository"):
        found(folder, {MAIN: "include conf.d/*.conf;"})


@pytest.mark.parametrize(
    ("a", "told"),
    [
        ("x 1;\ninclude nginx.conf;", r"a\.conf:2:9: the file includes itself"),
        ("include b.conf;" * 20, "too many files"),
    ],
)
def test_includes_without_end(tmp_path, monkeypatch, a, told):
    monkeypatch.setattr(server_files, "MOST_FILES", 20)
    with pytest.raises(InputError, match=told):
        found(tmp_path, {MAIN: "http {\n  include a.conf;\n}", "a.conf": a, "b.conf": "x 1;"})
