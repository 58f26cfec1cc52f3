"""The possible registers (登记表), and the columns of each, from the schema.

A register is a list of the description whose elements have an id. Its columns are the properties
of an element that fit into a cell: values, lists of them, and those of an object inside, whose
titles stand one after the other with a dot (``告知用户.告知时间``). In a register of servers people
have headings of their own; of several for one property (``IP``, ``公网IP``) the first in the table
here is read.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.answers import folded
from pytest_icp.facts.derived import NOT_PRODUCTION, environment_in
from pytest_icp.facts.files.properties import Property, members, property_at
from pytest_icp.facts.merging import NOT_FACTS
from pytest_icp.facts.written import LICENCE, SCHEMA
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.places import is_region, provider_of, province_of
from pytest_icp.law.text import Lang, Text, plain
from pytest_icp.sources.hosts import is_private

ID = "id"
ALIKE = 0.5
"""How alike two names are that may be one: of two Chinese characters, one."""

LANGUAGES: tuple[Lang, ...] = ("zh", "en")
# What the name of a file adds to the title of its list: 投诉登记表 2023.xlsx.
_BESIDE = re.compile(
    r"(?<!\s)\s*+(?:[0-9]{2,8}(?:年度?)?|台账|登记[表簿]?|清单|记录|明细|表|register|list|log)\s*+$"
    r"|^\s*+[0-9]{2,8}(?:年度?)?"
)


class Column(Struct, frozen=True, kw_only=True):
    """A column of a register.

    ``path`` is the dotted path inside an element, ``fact`` that from the description's top, and
    ``title`` the titles on the path, ``described`` what the schema says and ``words`` the choices.
    ``outer`` is the path of an object with one property, where a word may stand for the object:
    both share the column.
    """

    path: str
    fact: str
    title: Text
    described: Property
    words: tuple[Json, ...]
    outer: str = ""

    @property
    def many(self) -> bool:
        """Whether a cell has a list of values."""
        return "array" in self.described.types

    def path_of(self, value: Json) -> str:
        """Return the path of a value: the object's, where the value is a word for the object."""
        return self.outer if self.outer and value in self.words else self.path


class Register(Struct, frozen=True, kw_only=True, dict=True):
    """A list that can be kept as a register: its dotted path and its title."""

    name: str
    title: Text

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in the order of the schema."""
        return tuple(_columns(self.name, "", plain("")))

    @property
    def fact(self) -> str:
        """The top-level fact that the list is, or is in."""
        return self.name.partition(".")[0]

    def column(self, heading: str) -> Column | None:
        """Return the column with a heading: a title in Chinese or English, or a path."""
        return self._by_heading.get(folded(heading))

    @cached_property
    def _by_heading(self) -> Mapping[str, Column]:
        found: dict[str, Column] = {}
        for column in self.columns:
            for word in (column.path, *(column.title[lang] for lang in LANGUAGES)):
                found.setdefault(folded(word), column)
        return found


@cache
def registers() -> Mapping[str, Register]:
    """Return every list of the description that can be kept as a register, by its path."""
    found = {register.name: register for register in _lists("")}
    return MappingProxyType(found)


def register_named(name: str) -> Register | None:
    """Return the register that a file, a sheet or a setting names, or None.

    It is named by its path or its title; a file may add a year, or what it is (``投诉台账2023``).
    """
    names = _by_name()
    word = folded(name)
    while word:
        if word in names:
            return names[word]
        shorter = _BESIDE.sub("", word, count=1).strip(" -_.")
        if shorter == word:
            break
        word = shorter
    return None


@cache
def _by_name() -> Mapping[str, Register]:
    names: dict[str, Register] = {}
    for register in registers().values():
        for word in (register.name, *(register.title[lang] for lang in LANGUAGES)):
            names.setdefault(folded(word), register)
    return names


def _lists(path: str) -> Iterator[Register]:
    """Yield the lists below a path, also those in objects, but not those in other lists."""
    for name in members(SCHEMA, path).names:
        if not path and name in NOT_FACTS | {LICENCE}:
            continue
        fact = f"{path}.{name}" if path else name
        inside, known = members(SCHEMA, fact), property_at(SCHEMA, fact)
        if known is None or "array" not in known.types:
            yield from _lists(fact)
        elif ID in inside.required:
            yield Register(name=fact, title=known.title)


def _columns(fact: str, path: str, title: Text) -> Iterator[Column]:
    """Yield the columns of the objects at a fact; of the only one inside, the object's title."""
    inside = members(SCHEMA, fact).names
    properties = {name: each for name in inside if (each := property_at(SCHEMA, f"{fact}.{name}"))}
    for name, known in properties.items():
        below = f"{fact}.{name}"
        made = members(SCHEMA, below)
        own = f"{path}.{name}" if path else name
        if not path:
            words = known.title
        else:
            words = title if len(inside) == 1 else title + plain(".") + known.title
        column = Column(path=own, fact=below, title=words, described=known, words=made.words)
        inner = [*_columns(below, own, words)] if "array" not in known.types else []
        if made.words and len(inner) == 1:
            # The column of the only property of an object, with the words for the object.
            described = replace(inner[0].described, words=made.words)
            yield replace(inner[0], described=described, words=made.words, outer=own)
            continue
        if not made.names or made.words:
            yield column
        yield from inner


# ---- What people call the columns of a register of servers (服务器台账)

_REGION = "location.cloud_region.id"
_CLOUD = "location.cloud_region.provider"
_PLACE = "location.text"
STATE = "state"
"""A column that says whether the thing of a row is still in use."""

Read = Callable[[str], Mapping[str, Json]]
"""Reads a cell: the properties that it tells, by their paths."""

_ADDRESS = re.compile(
    r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|(?<![0-9a-f])[0-9a-f]*+:[0-9a-f:.]{2,}", re.IGNORECASE
)
_CITY = re.compile(r"\(([^()]+)\)")
_PRODUCTION = frozenset({"生产", "生产环境", "正式", "正式环境", "线上", "线上环境"})
_OTHER = frozenset(
    {"测试", "测试环境", "开发", "开发环境", "预发", "预发布", "预发环境", "预生产", "演示"}
)
_ENDED = frozenset(
    {
        *("停用", "已停用", "下线", "已下线", "下架", "已下架", "释放", "已释放", "报废", "已报废"),
        *("退役", "已退役", "注销", "已注销", "销毁", "已销毁", "已删除", "已退订"),
        *("released", "terminated", "deleted", "retired", "decommissioned", "scrapped"),
    }
)


def is_ended(written: str) -> bool:
    """Whether a state says that something is no longer in use; what is only off is still there.

    In brackets stands since when, or why: ``已报废（2022年）``.
    """
    return _DECORATED.sub("", folded(written)) in _ENDED


def _public(written: str) -> Mapping[str, Json]:
    """Return the public addresses in a cell, in which others and words may stand beside them."""
    found = []
    for address in _ADDRESS.findall(written):
        try:
            public = not is_private(address)
        except ValueError:
            continue
        found += [str(ipaddress.ip_address(address))] if public else []
    return {"ips": list(dict.fromkeys(found))} if found else {}


def _where(written: str) -> Mapping[str, Json]:
    """Return a region by its id, or the city that consoles show for it: ``华北2（北京）``."""
    if is_region(written):
        return {_REGION: written.strip().lower()}
    plain = folded(written)
    named = next((one for one in _CITY.findall(plain) if province_of({"text": one})), plain)
    return {_PLACE: named} if province_of({"text": named}) else {}


def _cloud(written: str) -> Mapping[str, Json]:
    """Return the cloud that a machine is in, or else the organisation that provides it."""
    cloud = provider_of(written)
    return {_CLOUD: cloud} if cloud else {"provider.name": written.strip()}


def _production(written: str) -> Mapping[str, Json]:
    word, named = folded(written), environment_in([written])
    known = word in _PRODUCTION | _OTHER or named
    return {"production": word not in _OTHER and named not in NOT_PRODUCTION} if known else {}


class Heading(Struct, frozen=True):
    """What a heading stands for: a property by its path, ``state``, or None for nothing.

    ``read`` reads its cells; without one, they are what the property takes. The lower ``rank`` is
    preferred.
    """

    path: str | None
    read: Read | None = None
    rank: int = 0


_SERVERS: tuple[tuple[str | None, Read | None, str], ...] = (
    (
        "id",
        None,
        """实例id 云服务器id 主机id 服务器编号 资产编号 设备编号 服务器名称 服务器名 实例名称
        主机名称 主机名 设备名称 服务器 主机 名称 instanceid instance_id hostname host server
        servername name""",
    ),
    (
        "ips",
        _public,
        """公网ip 公网ip地址 外网ip 外网ip地址 公网地址 外网地址 弹性公网ip 弹性ip eip publicip
        public_ip 公网ipv4地址 公网ip列表 ip地址 ip 服务器ip 主机ip ipaddress ip_address""",
    ),
    (
        _PLACE,
        None,
        """机房地址 放置地址 放置地点 存放地点 存放地址 物理位置 所在地址 地址 机房位置 所在地 机房
        机房名称 所在机房 所属机房 数据中心 idc 位置 location datacenter""",
    ),
    (
        _REGION,
        _where,
        """可用区 可用区id 所属可用区 地域 地域id 所在地域 所属地域 区域 所在区域 region regionid
        zone zoneid""",
    ),
    (
        "provider.name",
        _cloud,
        """机房服务商 服务商 云服务商 云厂商 云平台 供应商 提供商 厂商 运营商 idc服务商 provider
        vendor cloud""",
    ),
    ("role", None, "角色 role"),
    ("production", _production, "环境 运行环境 所属环境 部署环境 environment env"),
    ("purpose", None, "用途 用途说明 业务用途 所属业务 业务系统 应用系统 业务 usage"),
    (
        "in_service_on",
        None,
        "启用时间 投产日期 投产时间 上线日期 上线时间 上架日期 上架时间 开通时间 创建时间",
    ),
    (STATE, None, "状态 运行状态 实例状态 使用状态 服务器状态 设备状态 资产状态 status state"),
    (
        None,
        None,
        """序号 备注 说明 描述 配置 规格 实例规格 实例类型 cpu 内存 硬盘 磁盘 存储 带宽 操作系统
        系统 镜像 品牌 型号 设备型号 sn sn号 序列号 责任人 负责人 管理员 使用人 联系人 联系电话 部门
        使用部门 所属部门 内网ip 内网ip地址 私网ip 私网ip地址 内网地址 mac mac地址 端口 机柜 机柜号
        u位 机架 付费方式 付费类型 计费方式 到期时间 过期时间 到期日期 购买日期 采购日期 价格 标签
        vpc 专有网络 交换机 安全组 密钥对 账号 用户名 密码 memory
        disk os remark remarks note owner""",
    ),
)
_DECORATED = re.compile(r"[\s*]|\([^()]*\)")


_HEADINGS: Mapping[str, Mapping[str, Heading]] = MappingProxyType(
    {
        "servers": {
            word: Heading(path, read, rank)
            for path, read, words in _SERVERS
            for rank, word in enumerate(words.split())
        }
    }
)


def heading_of(register: str, written: str) -> Heading | None:
    """Return what people mean by a heading (``IP地址（公网）*``); None if that is not known."""
    return _HEADINGS.get(register, {}).get(_DECORATED.sub("", folded(written)))
