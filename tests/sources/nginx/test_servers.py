from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.files.budget import Meter
from pytest_icp.sources.homes import Files, Proxied, Redirect
from pytest_icp.sources.nginx import parse, servers
from pytest_icp.sources.server_files import ConfigText


def read(text):
    return list(servers(parse(ConfigText.read(Path("-"), text.encode()), Meter())))


def one(inside, around=""):
    (virtual,) = read(f"{around} server {{ {inside} }}")
    return virtual.server()


def names(text):
    (virtual,) = read(text)
    return [written for written, _ in virtual.names()]


def test_servers_stand_in_http_at_the_top_or_are_the_fragment():
    assert names("http { upstream x { server 10.0.0.1; } server { server_name a.cn; } }") == [
        "a.cn"
    ]
    several = "server { server_name b.cn c.cn; server_name d.cn; }"
    assert names(several) == ["b.cn", "c.cn", "d.cn"]
    assert names("listen 80;\nserver_name e.cn;") == ["e.cn"]


@pytest.mark.parametrize(
    ("inside", "secure"),
    [
        ("listen 443 ssl;", True),
        ("listen 443 quic;", True),
        ("listen 80; listen [::]:443 ssl http2;", True),
        ("listen 443; ssl on;", True),
        ("listen 443; ssl off;", False),
        ("listen 80;", False),
        ("", False),
    ],
)
def test_whether_it_speaks_tls(inside, secure):
    assert one(inside).secure is secure


@pytest.mark.parametrize(
    ("inside", "reachable"),
    [
        ("", True),
        ("listen 80;", True),
        ("listen *:80;", True),
        ("listen 0.0.0.0:80;", True),
        ("listen [::]:80;", True),
        ("listen 203.0.113.1:80;", True),
        ("listen 127.0.0.1:80; listen 80;", True),
        ("listen 127.0.0.1:80;", False),
        ("listen [::1]:80;", False),
        ("listen localhost:8080;", False),
        ("listen unix:/run/nginx.sock;", False),
        ("listen 10.0.0.1:80;", False),
        ("listen $address;", True),
    ],
)
def test_whether_it_listens_on_more_than_this_machine(inside, reachable):
    assert one(inside).reachable is reachable


@pytest.mark.parametrize(
    ("inside", "around", "off"),
    [
        ("access_log off;", "", True),
        ("access_log /dev/null;", "", True),
        ("", "access_log off;", True),
        ("access_log /a.log;", "access_log off;", False),
        ("location /x { access_log off; }", "", False),
        ("", "", False),
    ],
)
def test_whether_it_logs_nothing(inside, around, off):
    assert (one(inside, around).logs_nothing is not None) is off


@pytest.mark.parametrize(
    ("inside", "folder", "index"),
    [
        ("root /a;", "/a", ("index.html",)),
        ("root /a; index x.php x.html;", "/a", ("x.php", "x.html")),
        ("root /a; location / { root /b; index y.html; }", "/b", ("y.html",)),
        ("root /a; location / { alias /c/; }", "/c/", ("index.html",)),
        # The index of an exact location is looked for once more, as /index.html.
        ("root /a; location = / { root /d; } location / { root /b; }", "/b", ("index.html",)),
        ("root /a; location = /index.html { expires -1; } location / { }", "/a", ("index.html",)),
        ("root /a; location ~ \\.php$ { fastcgi_pass x; }", "/a", ("index.html",)),
        ("root /a; location ~* ^/(api|ws)/ { proxy_pass x; }", "/a", ("index.html",)),
        ("root /a; location ~ \\.(JS|html)$ { expires 1d; }", "/a", ("index.html",)),
        ("root /a; location ~* \\.(JS|png)$ { root /s; }", "/a", ("index.html",)),
        ("root /a; location ^~ / { } location ~ . { return 403; }", "/a", ("index.html",)),
        ("root /a; try_files $uri $uri/ /index.html;", "/a", ("index.html",)),
        ("root /a; location / { try_files $uri /app.html?$args; }", "/a", ("/app.html",)),
        ("root /a; try_files $uri.html $uri/i.html @x;", "/a", ("/i.html",)),
        ("root /a; location ^~ / { root /e; }", "/e", ("index.html",)),
        ("root /a; location /img { root /b; }", "/a", ("index.html",)),
        ("root /a; location /api { return 301 https://b.cn; }", "/a", ("index.html",)),
        ("root /a; rewrite ^/old https://b.cn;", "/a", ("index.html",)),
        # An index is looked for once more, where the pattern of the folder does not match it.
        ("root /a; location ~ ^/x?$ { root /b; }", "/a", ("index.html",)),
        ("root /a; location ~ '^/x{0,3}$' { root /b; }", "/a", ("index.html",)),
        ("root /a; location ~* \\.(js|HTML)$ { root /b; }", "/b", ("index.html",)),
        ("root /a; location ~ ((((((((((a)))))))))) { root /b; }", "/a", ("index.html",)),
        ("location / { }", "/top", ("top.html",)),
    ],
)
def test_a_home_page_in_a_folder(inside, folder, index):
    home = one(inside, "root /top; index top.html;" if "/top" in folder else "").home
    assert isinstance(home, Files)
    assert (home.folder, home.index) == (folder, index)


@pytest.mark.parametrize(
    ("inside", "host"),
    [
        ("return 301 https://www.example.cn$request_uri;", "www.example.cn"),
        ("return https://www.example.cn/a;", "www.example.cn"),
        ("return 302 $scheme://example.cn:8443/;", "example.cn"),
        ("location / { return 301 http://b.cn; }", "b.cn"),
        ("root /a; rewrite ^/(.*)$ https://c.cn/$1 permanent;", "c.cn"),
        ("rewrite ^ https://d.cn$uri;", "d.cn"),
        ("return 301 https://$host$request_uri;", None),
        ("return 308 https://www.$host;", None),
    ],
)
def test_a_server_that_sends_its_visitors_on(inside, host):
    home = one(inside).home
    assert isinstance(home, Redirect)
    assert home.host == host


@pytest.mark.parametrize(
    "inside",
    [
        "location / { try_files $uri @app; } location @app { proxy_pass http://app; }",
        "location = / { index index.html; } location / { proxy_pass http://app; }",
        "location ~ / { proxy_pass http://app; }",
        "location /app { } location ~ ^/(.*)$ { proxy_pass http://app; }",
    ],
)
def test_a_page_that_is_not_the_file_that_lies_there(inside):
    assert isinstance(one(f"root /a; {inside}").home, Proxied)


@pytest.mark.parametrize(
    "what",
    ["proxy_pass http://app", "fastcgi_pass php:9000", "js_content page.home", "random_index on",
     "content_by_lua_file /srv/home.lua"],
)  # fmt: skip
def test_a_home_page_that_another_program_makes(what):
    home = one(f"root /a; location / {{ {what}; }}").home
    assert isinstance(home, Proxied)
    assert home.directive.name == what.split()[0]


@pytest.mark.parametrize(
    "inside",
    ["", "return 444;", "return 404 'no';", "return 301 /b;", "root /var/www/$host;", "root a b;",
     "location / { return 200 'ok'; }", "rewrite ^;", "root /a; rewrite ^/$ /portal/ last;",
     "root /a; location = / { return 302 /login; }", "root /a; try_files $uri @gone;",
     "root /a; location / { try_files $x =404; }",
     "root /a; location = /index.html { return 301 /home; }", "root /a; try_files $uri =404;",
     "root /a; location ~ ^/(?!x) { root /b; }"],
)  # fmt: skip
def test_a_home_page_of_which_nothing_is_said(inside):
    assert one(inside).home is None
