from __future__ import annotations

import pytest

from pytest_icp.facts.derived import Status
from pytest_icp.law.errors import InputError
from tests.sources.reading import read, said, sites

INDEX = """DocumentRoot /srv
<Directory /srv>
DirectoryIndex index.php
DirectoryIndex index.html
</Directory>"""


def host(inside, addresses="*:443"):
    return f"<VirtualHost {addresses}>\n{inside}\n</VirtualHost>\n"


def test_each_name_is_a_site_that_leads_back_to_its_word(tmp_path):
    text = host(
        "  servername https://www.etaoche.cn:443\n  # x \\\n  ServerAlias no.cn\n"
        '  ServerAlias etaoche.cn \\\n   "*.etaoche.cn" localhost *\n  ErrorLog "unclosed\n'
    )
    derived = read(tmp_path, "apache", {"httpd.conf": text})
    assert list(sites(derived)) == ["www.etaoche.cn", "etaoche.cn", "*.etaoche.cn"]
    place = derived.trace("/sites/2/domains").place
    assert (place.line, place.column, place.width) == (6, 5, 12)
    assert derived.trace("/sites/1/domains").place.excerpt == "  ServerAlias etaoche.cn"
    assert not derived.gaps
    assert "outside the public DNS, not counted as sites: localhost" in said(derived)


def test_what_names_no_host_that_is_known(tmp_path):
    text = (
        host("ServerName ${HOST}\nServerAlias www.*.cn a?.cn a..cn")
        + host("DocumentRoot /srv", "_default_:80")
        + host("VirtualDocumentRoot /srv/%0\nServerAlias *")
        + host("")
        + "<VirtualHost>\n</VirtualHost>\nServerName main.cn\nServerAlias\n"
    )
    derived = read(tmp_path, "apache", {"httpd.conf": text})
    assert derived.facts == {}
    assert [gap.place.line for gap in derived.gaps] == [2, 3, 3, 3, 9]
    assert said(derived).count("answers for every other name") == 1
    assert "its ServerName is not counted as a site: main.cn" in said(derived)
    assert "no virtual host with a public host name" in said(derived)


@pytest.mark.parametrize(
    "inside",
    [
        "DocumentRoot /srv",
        'DocumentRoot "/srv/"\n<Directory "/srv/">\n</Directory>',
        "DocumentRoot /other\nAlias / /srv",
        "DocumentRoot /srv\nProxyPass / !\nProxyPass /api http://x\nRedirect /a http://b.cn/",
        "DocumentRoot /srv\nRewriteRule ^/a$ https://b.cn/ [R]\nRewriteRule ^ - [E=x]\nRewriteRule",
        "DocumentRoot /srv\nRewriteEngine Off\nRewriteRule ^ https://b.cn/",
        "DocumentRoot /srv\nDirectoryIndex index.php\nDirectoryIndex index.html",
        INDEX,
        "DocumentRoot /srv\nRewriteCond %{HTTP_HOST} ^x\nRewriteRule ^ http://b.cn/\nRedirect 301",
        "DocumentRoot /srv\nSetHandler x\n<Location />\nRequire all granted\n</Location>",
        "DocumentRoot /srv\nRedirectMatch ^/a$ x\n<Location />\nSetHandler None\n</Location>",
        "DocumentRoot /srv\nSetOutputFilter DEFLATE\nAddOutputFilter\nRewriteRule ^ -",
        "DocumentRoot /srv\nRewriteCond %{HTTP_USER_AGENT} bot\nRewriteRule ^ - [F]",
        "DocumentRoot /srv\nRewriteCond %{HTTP_COOKIE} x\nRewriteRule ^/old /new",
        "DocumentRoot /srv\nRewriteCond %{REQUEST_FILENAME} !-d\nRewriteRule (.*) /i.php/$1",
        "DocumentRoot /srv\nRedirect gone /\nProxyPassMatch\nRedirect permanent / /x",
    ],
)
def test_the_home_page_is_found_through_roots(tmp_path, inside):
    files = {"a.conf": host(f"ServerName a.cn\n{inside}"), "www/index.html": "x"}
    derived = read(tmp_path, "apache", files, roots={"/srv": "www"})
    assert sites(derived)["a.cn"]["home_page"] == {
        "snapshot": "www/index.html",
        "fetched_at": "none",
    }


@pytest.mark.parametrize(
    "inside",
    [
        "ProxyPass / http://app/",
        "ProxyPassMatch ^/(.*)$ http://app/$1",
        "<Location />\nProxyPass http://app/\nProxyPassMatch ^x y\n</Location>",
        "<Location />\nSetHandler proxy:unix:/x\n</Location>",
        "WSGIScriptAlias / /srv/x.wsgi",
        "JkMount /* worker",
        "RewriteEngine on\nRewriteRule ^/(.*)$ http://app/$1 [P,L]",
        "<Directory /srv>\nAddOutputFilterByType DEFLATE;mine text/html\n</Directory>",
        '<Directory /srv>\nSetOutputFilter SUBSTITUTE\nSubstitute "s|a|b|"\n</Directory>',
    ],
)
def test_pages_of_other_programs(tmp_path, inside):
    files = {
        "a.conf": host(f"ServerName a.cn\nDocumentRoot /srv\n{inside}"),
        "www/index.html": "x",
    }
    derived = read(tmp_path, "apache", files, roots={"/srv": "www"})
    assert sites(derived)["a.cn"]["home_page"] is None
    assert derived.trace("/sites/0/home_page").status is Status.AS_SERVED


@pytest.mark.parametrize(
    "inside",
    [
        "Redirect / https://www.a.cn/",
        "Redirect permanent / https://www.a.cn/",
        "RedirectMatch 301 ^/(.*)$ https://www.a.cn/$1",
        "RewriteCond %{HTTPS} off\nRewriteRule ^ https://www.a.cn%{REQUEST_URI} [R=301]",
    ],
)
def test_a_host_that_redirects_has_the_page_of_the_other(tmp_path, inside):
    text = host(f"ServerName a.cn\n{inside}", "*:80")
    text += host("ServerName www.a.cn\nDocumentRoot /srv\nSSLEngine on", "127.0.0.1:8443 [::1]")
    files = {"a.conf": text, "www/index.html": "x"}
    derived = read(tmp_path, "apache", files, roots={"/srv": "www"})
    assert sites(derived)["a.cn"]["home_page"] == {
        "snapshot": "www/index.html",
        "fetched_at": "none",
    }
    assert derived.trace("/sites/0/home_page").status is Status.REFERENCED
    assert "without TLS: a.cn" in said(derived)
    assert "local or private addresses only" in said(derived)


@pytest.mark.parametrize(
    "inside",
    [
        "RewriteCond %{HTTP_COOKIE} !sid\nRewriteRule ^/$ /login.html [R]\nRewriteRule ^ -",
        "RewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule (.*) /index.php/$1",
        "RewriteRule ^/?$ /home/ [R,L]",
        "RewriteRule ^ /x",
        "RedirectMatch 302 ^/$ /home/",
    ],
)
def test_a_visitor_of_another_page_does_not_see_the_index(tmp_path, inside):
    files = {"a.conf": host(f"ServerName a.cn\nDocumentRoot /srv\n{inside}"), "www/index.html": "x"}
    derived = read(tmp_path, "apache", files, roots={"/srv": "www"})
    assert "home_page" not in sites(derived)["a.cn"]


def test_a_redirect_to_the_same_host_tells_nothing(tmp_path):
    text = host("ServerName a.cn\nRewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI}", "*:80")
    text += host("ServerName b.cn\nDocumentRoot /srv/%1\nCustomLog /dev/null common\nSSLEngine off")
    derived = read(tmp_path, "apache", {"a.conf": text})
    assert "home_page" not in sites(derived)["a.cn"]
    assert "b.cn has no access log" in said(derived)
    assert "redirects" not in said(derived)


def test_files_variables_and_conditions(tmp_path):
    files = {
        "apache2.conf": "Define DOMAIN a.cn\nDefine SSL\nDefine\nUnDefine GONE\n"
        "<IfDefine SSL>\nInclude sites/a.conf\n</IfDefine>\n"
        "<IfDefine !SSL>\nInclude sites/a.conf\n</IfDefine>\n"
        "<IfModule mod_ssl.c>\nIncludeOptional /etc/apache2/more\n</IfModule>\n"
        "<IfDefine OTHER>\n<IfModule x>\nInclude sites/a.conf\n</IfModule>\n</IfDefine>\n"
        "<IfModule !x>\nListen 80\n</IfModule>\n<IfVersion >= 2.4>\n</IfVersion>\n"
        "<If \"%{HTTP_HOST} == 'x'\">\n</If>\n<IfModule>\n</IfModule>\n"
        "IncludeOptional mods-enabled/*.load\nIncludeOptional gone/*.conf\nInclude\n",
        "sites/a.conf": host(
            "ServerName www.${DOMAIN}\n<If x>\nUse gone\n</If>\n<IfFile y>\n</IfFile>"
            "\n<IfFile y>\nInclude y\n</IfFile>\n<Else>\n</Else>\nInclude gone.conf\nUse gone"
        ),
        "more/b.conf": host("ServerName b.${DOMAIN}\nServerAlias ${NONE}"),
    }
    derived = read(tmp_path, "apache", files)
    assert list(sites(derived)) == ["www.a.cn", "b.a.cn"]
    assert [gap.message.en[:38] for gap in derived.gaps] == [
        "the host '${NONE}' contains a variable",
        "the macro gone is not expanded, and it",
        "the files do not say whether <ifdefine",
        "gone/*.conf is not in the repository, ",
    ]
    assert said(derived).endswith("not read: gone.conf, mods-enabled/*.load")


def test_a_macro_is_not_expanded(tmp_path):
    text = "<Macro Site $name>\n" + host("ServerName $name") + "</Macro>\nUse Site a.cn\nUse\n"
    derived = read(tmp_path, "apache", {"a.conf": text + host("ServerName b.cn\nUse Inner")})
    assert list(sites(derived)) == ["b.cn"]
    assert [gap.message.en[:15] for gap in derived.gaps] == ["the macro Site ", "the macro Inner"]


def test_a_folder_is_read_by_its_main_file_or_part_by_part(tmp_path):
    files = {f"sites/{name}": host(f"ServerName {name}") for name in ("a.cn", "b.cn")}
    assert list(sites(read(tmp_path, "apache", files, "sites"))) == ["a.cn", "b.cn"]
    files = {"sites/httpd.conf": host("ServerName c.cn"), "sites/d.conf": host("ServerName d.cn")}
    assert list(sites(read(tmp_path, "apache", files, "sites"))) == ["c.cn"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<VirtualHost *>\n<Directory /x>\n", "2:1: the block is not closed: a `</directory>`"),
        ("<VirtualHost *>\n</Directory>\n", "2:1: one `</directory>` too many"),
        ("</VirtualHost>", "1:1: one `</virtualhost>` too many"),
        ("<a>\n" * 70, "blocks are nested too deeply"),
        ("Include httpd.conf", "1:9: the file includes itself"),
        ("a\0", "a binary file"),
    ],
)
def test_what_httpd_could_not_read_is_refused_with_its_place(tmp_path, text, message):
    with pytest.raises(InputError) as refused:
        read(tmp_path, "apache", {"httpd.conf": text})
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("inside", "gaps"),
    [
        (r"RewriteCond %{HTTP_HOST} ^(www\.)?a\.cn$ [NC]", 1),
        (r"RewriteCond %{HTTP_HOST} !^www\.", 0),
        ("ServerName a.cn\nRewriteCond %{HTTP_HOST} !=a.cn", 0),
    ],
)
def test_hosts_in_conditions_of_a_host_without_a_name_are_a_gap(tmp_path, inside, gaps):
    derived = read(tmp_path, "apache", {"httpd.conf": host(inside)})
    assert [gap.kinds for gap in derived.gaps] == [{"sites"}] * gaps
