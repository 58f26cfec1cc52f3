"""Kinds of content that need another authority's consent first (前置审批)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct


class Preapproval(Struct, frozen=True):
    """Content that needs another authority's consent first (前置审批).

    ``name`` is the Chinese word that licences print; ``key`` the word for the same content in
    ``services[].regulated_content`` of a description. ``printed`` is whether licences of today
    still print it: the system of 2019 uses five words.
    """

    name: str
    key: str
    en: str
    aliases: tuple[str, ...] = ()
    printed: bool = False


_TABLE = """
新闻 * | news | news | 互联网新闻信息服务 新闻信息服务 新闻信息
出版 * | publishing | publishing | 网络出版 互联网出版 出版物
药品和医疗器械 * | drugs_devices | drugs and medical devices | 药品及医疗器械 药品与医疗器械
    药品医疗器械 药品和医疗器械信息服务
文化 * | culture | culture | 网络文化 互联网文化 互联网文化活动
视听节目 * | audiovisual | audiovisual programmes | 互联网视听节目 网络视听节目
    信息网络传播视听节目 广播电影电视节目 广播电视节目
教育 | education | education
医疗保健 | healthcare | health care | 医疗卫生 卫生保健 医疗、保健
药品 | drugs_devices | drugs | 药品信息服务
医疗器械 | drugs_devices | medical devices
电子公告服务 | bulletin | bulletin boards | 电子公告 互联网电子公告服务 电子公告板服务 BBS
地图 | maps | maps | 互联网地图服务
宗教 | religion | religion | 互联网宗教信息服务
"""
"""The word that licences print, with * of those that they print today, its key, and others."""


def _preapprovals() -> Iterator[Preapproval]:
    for row in re.split(r"\n(?! )", _TABLE.strip()):
        word, key, en, *others = (cell.strip() for cell in row.split("|"))
        name, _, printed = word.partition(" ")
        aliases = tuple(" ".join(others).split())
        yield Preapproval(name, key, en, aliases, printed=bool(printed))


PREAPPROVALS: tuple[Preapproval, ...] = tuple(_preapprovals())
"""Pre-approvals (前置审批) that scope texts name, before and after the 2015 catalogue."""
