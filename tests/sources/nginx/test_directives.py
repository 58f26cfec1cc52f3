from __future__ import annotations

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.sources.nginx.config import parse


@pytest.fixture
def write(tmp_path):
    def write(text):
        (tmp_path / "nginx.conf").write_bytes(text.encode())
        return tmp_path

    return write


def read(folder):
    path = folder / "nginx.conf"
    return parse(path, path.read_bytes())


def outline(tree):
    return [(d.name, *d.args, *([outline(d.block)] if d.block is not None else [])) for d in tree]


def test_a_tree_of_directives(write):
    folder = write(
        """# comment
user nginx; http { server { listen 80; # behind
        server_name 'a b' "c\\"d" ; location ~ \\.php$ { } } }
        """
    )
    tree = read(folder)
    assert outline(tree) == [
        ("user", "nginx"),
        (
            "http",
            [
                (
                    "server",
                    [
                        ("listen", "80"),
                        ("server_name", "a b", 'c"d'),
                        ("location", "~", "\\.php$", []),
                    ],
                )
            ],
        ),
    ]


def test_lua_in_a_block_is_no_directive(write):
    folder = write("content_by_lua_block { if x then ngx.say('}') end }\nroot /a;")
    tree = read(folder)
    assert [d.name for d in tree] == ["content_by_lua_block", "root"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_place_of_an_argument(write, end):
    lines = ["server {", "  server_name www.example.cn", "    example.cn;", "}"]
    folder = write(end.join(lines))
    (server,) = read(folder)
    (names,) = server.block
    assert str(names.place()).endswith("nginx.conf:2:3")
    assert str(names.place("www.example.cn")).endswith("nginx.conf:2:15")
    place = names.place("example.cn")
    assert (place.line, place.column, place.width, place.excerpt) == (3, 5, 10, "    example.cn")
    # What is not found as it is written, for it was quoted: where its directive begins.
    assert str(names.place("other")).endswith("nginx.conf:2:3")


def test_a_line_that_is_not_there_has_the_place_of_its_file(write):
    folder = write("a b;")
    (directive,) = read(folder)
    assert directive.file.place(None).line is None
    assert directive.file.place(9).line is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("server {\n  listen 80\n}", "2:3: `listen` does not end in `;`"),
        ("server {\n  root /a\n  location / { }\n}", "2:3: `root` does not end in `;`"),
        ("listen 80", "1:1: `listen` does not end in `;`"),
        ("http {\n  server {\n    root /a;\n", "2:3: the block is not closed"),
        ("a 1;\n}", "2:1: one `}` too many"),
        ("a 'b", "1:1: a quotation mark is not closed"),
        ('a "b', "1:1: a quotation mark is not closed"),
        ("a ${b", "1:1: the block is not closed"),
        ("server { sever_name a.cn; }", "1:10: unknown directive `sever_name`"),
        ("a {" * 100 + "}" * 100, "blocks are nested too deeply"),
        ("a\0b;", "a binary file"),
        ("server {\n content_by_lua_block 'x'; }", "2:2: a Lua block must begin with `{`"),
    ],
)
def test_what_nginx_could_not_read_is_refused_with_its_place(tmp_path, text, said):
    (tmp_path / "nginx.conf").write_text(text)
    with pytest.raises(InputError) as refused:
        read(tmp_path)
    assert said in str(refused.value)


def test_a_directive_of_another_module_is_none_of_our_business(tmp_path):
    text = "http { http2 on; map $a $b { lisden 1; } brotli on; { } ; more_set_headers 'a: b'; }"
    (tmp_path / "nginx.conf").write_text(text)
    (http,) = read(tmp_path)
    assert [d.name for d in http.block] == ["http2", "map", "brotli", "more_set_headers"]


def test_a_file_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr("pytest_icp.sources.server_files.LARGEST", 10)
    (tmp_path / "nginx.conf").write_text("listen 80;;")
    with pytest.raises(InputError, match="not a configuration"):
        read(tmp_path)
