"""Mini-programs and apps: whose identifiers are found, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.derived import Derived
from tests.attack.reading import Files
from tests.sources.reading import facts, gaps, in_folder, refused, remarks

HOST = "www.etaoche.cn"


def app(folder: Path, files: Files, path: str | None = None, **settings: Any) -> Derived:
    at = next(iter(files)) if path is None else path
    return in_folder("app", folder, files, at, **{"host": HOST, **settings})


def site(derived: Derived) -> Any:
    (found,) = facts(derived)["sites"]
    assert found["id"] == HOST
    assert found["domains"] == [HOST]
    return {name: value for name, value in found.items() if name not in {"id", "domains"}}


def programs(**ids: str) -> Any:
    named = {"weixin": "微信", "alipay": "支付宝", "qq": "QQ"}
    return {
        "mini_programs": [
            {"id": name, "platform": named[each], "app_id": name} for each, name in ids.items()
        ]
    }


UNI_APP = """{
  "name": "淘车", /* "mp-qq": {"appid": "old"} */
  "appid": "__UNI__0000000",
  "mp-weixin": {"appid": "wx0123"}, // 微信
  "mp-alipay": {"appid": "20210"},
  "mp-baidu": {"appid": ""},
  "app-plus": {"distribute": {"google": {"packagename": "cn.etaoche.app"}}}
}
"""
GRADLE = """android { defaultConfig {
  // applicationId "cn.etaoche.old"
  applicationId "cn.etaoche.app"
  applicationIdSuffix ".debug"
} }
"""
XCODE = """
PRODUCT_BUNDLE_IDENTIFIER = "cn.etaoche.Tests";
PRODUCT_BUNDLE_IDENTIFIER = cn.etaoche.app.widget;
PRODUCT_BUNDLE_IDENTIFIER = cn.etaoche.app;
PRODUCT_BUNDLE_IDENTIFIER = "$(ORG).x";
PRODUCT_BUNDLE_IDENTIFIER = cn.etaoche.appUITests;
"""
TEXTS = """println 'applicationId "cn.etaoche.old"'
def text = \"\"\"
applicationId "cn.etaoche.old"
\"\"\"
android { defaultConfig { applicationId("cn.etaoche.app") } }
"""
PLIST = "<key>CFBundleIdentifier</key>\n<string>cn.etaoche.app</string>"
APP = {"app_package_id": "cn.etaoche.app"}


@pytest.mark.parametrize(
    ("name", "text", "told", "line"),
    [
        ("project.config.json", '{"appid": "wx0123"}', programs(weixin="wx0123"), 1),
        (
            "project.config.json",
            '{"appid": "touristappid",\n"qqappid": "1110"}',
            programs(qq="1110"),
            2,
        ),
        ("manifest.json", UNI_APP, APP | programs(weixin="wx0123", alipay="20210"), 4),
        ("app/build.gradle", GRADLE, APP, 3),
        ("app/build.gradle.kts", 'applicationId = "cn.etaoche.app"', APP, 1),
        ("a.xcodeproj/project.pbxproj", XCODE, APP, 4),
        ("app/build.gradle", TEXTS, APP, 5),
        ("Info.plist", PLIST, APP, 2),
        ("Info.plist", f"<!-- {PLIST} -->{PLIST}".replace("app", "old", 1), APP, 3),
        ("AppScope/app.json5", '{"app": {"bundleName": "cn.etaoche.app",},}', APP, 1),
    ],
)
def test_an_identifier(tmp_path: Path, name: str, text: str, told: Any, line: int) -> None:
    derived = app(tmp_path, {name: text})
    assert site(derived) == told
    fact = "mini_programs" if "mini_programs" in told else "app_package_id"
    assert derived.trace(f"/sites/0/{fact}").place.line == line
    assert not derived.gaps
    assert not remarks(derived)


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    files = {
        "android/app/build.gradle": GRADLE,
        "android/wear/build.gradle": "applicationId = appId",
        "android/build.gradle": "",
        "ios/project.pbxproj": XCODE.replace("cn.etaoche", "cn.etaoche.ios"),
        "mp/project.config.json": '{"appid": "wx0123"}',
        "mp/my-manifest.json": UNI_APP,
        "uni/manifest.json": "{",
    }
    derived = app(tmp_path, files, ".")
    assert site(derived) == APP | programs(weixin="wx0123")
    assert "beside cn.etaoche.app there are the apps cn.etaoche.ios.app;" in remarks(derived)[0]
    assert len(gaps(derived)) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("build.gradle", "applicationId rootProject.ext.id"),
        ("build.gradle", 'applicationId "cn.etaoche.app" + suffix'),
        ("Info.plist", PLIST.replace("app", "$(A)")),
    ],
)
def test_an_identifier_that_is_a_variable_is_a_gap(tmp_path: Path, name: str, text: str) -> None:
    derived = app(tmp_path, {name: text})
    assert site(derived) == {}
    assert gaps(derived) == ["the package id is a variable, so it is not known"]
    assert derived.gaps[0].kinds == {"sites"}


@pytest.mark.parametrize(
    ("settings", "text", "words"),
    [
        ({}, "{}", "no AppID of a mini-program and no package id"),
        ({}, '{"appid": 1}', "no AppID"),
        ({}, '{"appid": "YOUR_APPID"}', "no AppID"),
        ({}, '{"appid": "小程序appid"}', "no AppID"),
        ({}, "{", ""),
        ({"host": None}, '{"appid": "wx0123"}', "not known which site"),
        ({"host": "a b"}, '{"appid": "wx0123"}', ""),
    ],
)
def test_what_is_refused(tmp_path: Path, settings: Any, text: str, words: str) -> None:
    error = refused(app, tmp_path, {"project.config.json": text}, **settings)
    assert words in error.message.en
    assert error.place
