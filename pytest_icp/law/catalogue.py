"""The catalogue of telecom services (电信业务分类目录, 2015, amended 2019) as data.

With it the kinds of content that need another authority's consent first (前置审批).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from msgspec import Struct

from pytest_icp.law.folding import fold_tight
from pytest_icp.law.text import Text


class Service(Struct, frozen=True):
    """One kind of telecom service (业务种类) or one of its sub-items (业务子项).

    ``code`` is the catalogue's number, with a word after a dot where licences divide a kind
    without a number; ``aliases`` are other wordings seen on licences; ``parent`` the service
    it is a part of, None for a line of business of its own.
    """

    code: str
    name: Text
    aliases: tuple[str, ...] = ()
    parent: str | None = None


CATEGORIES: tuple[str, ...] = ("A1", "A2", "B1", "B2")
"""The four classes of licences, as they are printed in licence numbers."""

_HOSTED_NETWORKS = "A27"
"""网络托管业务: the catalogue lists it under A2, to be administered like a value-added service."""


_TABLE = """
A11 | 固定通信业务 | fixed communications
A12 | 蜂窝移动通信业务 | cellular mobile communications
A13 | 第一类卫星通信业务 | class I satellite communications
A14 | 第一类数据通信业务 | class I data communications
A15 | IP电话业务 | IP telephony
A21 | 集群通信业务 | trunked radio communications
A22 | 无线寻呼业务 | paging
A23 | 第二类卫星通信业务 | class II satellite communications | 国内甚小口径终端地球站通信业务
A24 | 第二类数据通信业务 | class II data communications | 固定网国内数据传送业务
A25 | 网络接入设施服务业务 | access-network facilities | 用户驻地网业务
A26 | 国内通信设施服务业务 | domestic transmission facilities
A27 | 网络托管业务 | network management for others
B11 | 互联网数据中心业务 | Internet data centre | 因特网数据中心业务
B11.idc | 互联网数据中心业务（不含互联网资源协作服务） | hosting and colocation
B11.cloud | 互联网资源协作服务 | cloud computing resources | 因特网资源协作服务
B12 | 内容分发网络业务 | content delivery network
B13 | 国内互联网虚拟专用网业务 | domestic IP-VPN | 国内因特网虚拟专用网业务
B14 | 互联网接入服务业务 | Internet access | 因特网接入服务业务
B14.user | 为上网用户提供接入服务 | access for users | 为上网用户服务
    为上网用户提供互联网接入服务
B14.platform | 为互联网平台提供接入服务 | access for web sites and platforms | 网站接入
    为网站提供接入服务 为互联网信息平台提供接入服务 为互联网平台提供互联网接入服务
B21 | 在线数据处理与交易处理业务 | online data and transaction processing |
    在线数据处理和交易处理业务 在线数据处理及交易处理业务 在线数据处理与交易业务
B21.ecommerce | 经营类电子商务 | commercial e-commerce (transaction processing) | 交易处理业务
    经营性电子商务
B21.edi | 电子数据交换业务 | electronic data interchange
B21.device | 网络/电子设备数据处理业务 | processing of device data | 网络电子设备数据处理业务
    网络和电子设备数据处理业务 网络与电子设备数据处理业务
B22 | 国内多方通信服务业务 | domestic conferencing | 国内多方通信业务
B23 | 存储转发类业务 | store and forward | 存储转发业务
B24 | 国内呼叫中心业务 | domestic call centre | 呼叫中心业务 B24-1
B25 | 信息服务业务 | information services
B25.internet | 互联网信息服务 | Internet information services | 因特网信息服务
    经营性互联网信息服务
B25.non_internet | 信息服务业务（不含互联网信息服务） | information services off the Internet |
    移动网信息服务 移动网络信息服务 移动信息服务
B25.fixed_phone | 固定网电话信息服务 | information services by fixed-line telephone |
    固定电话信息服务 固定网信息服务 固定电话网信息服务
B25.publish < B25.internet | 信息发布平台和递送服务 | publishing platform and delivery |
    信息发布平台及递送服务 信息发布平台与递送服务 信息发布平台、递送服务
B25.search < B25.internet | 信息搜索查询服务 | search and retrieval
B25.community < B25.internet | 信息社区服务 | community platforms | 信息社区平台服务
B25.im < B25.internet | 信息即时交互服务 | instant interaction
B25.protect < B25.internet | 信息保护和加工处理服务 | protection and processing |
    信息保护和处理服务 信息保护及加工处理服务 信息保护及处理服务 信息保护与加工处理服务
    信息保护与处理服务
B26 | 编码和规程转换业务 | coding and protocol conversion (domain name resolution) |
    互联网域名解析服务业务 互联网域名解析业务 因特网域名解析服务业务 B26-1
"""
"""Each service with its names in both languages, and other wordings seen on licences.

A part is under the code before its dot, if it is not ``<`` another one."""


def _rows(table: str) -> Iterator[list[str]]:
    """Yield the cells of each row; a line that begins with a space continues the one before."""
    for row in re.split(r"\n(?! )", table.strip()):
        yield [cell.strip() for cell in row.split("|")]


def _words(cells: list[str]) -> tuple[str, ...]:
    return tuple(" ".join(cells).split())


def _services() -> Iterator[Service]:
    for number, zh, en, *others in _rows(_TABLE):
        code, _, under = number.partition(" < ")
        parent = under or (code.partition(".")[0] if "." in code else None)
        yield Service(code, Text(zh=zh, en=en), _words(others), parent)


_SERVICES = tuple(_services())

CATALOGUE: Mapping[str, Service] = MappingProxyType({s.code: s for s in _SERVICES})
"""Every service by its code, in the order of the catalogue."""

INTERNET_ITEMS: tuple[str, ...] = tuple(s.code for s in _SERVICES if s.parent == "B25.internet")
"""The five parts of Internet information services, in the order that licences print them."""


def name_of(code: str) -> Text:
    """Return the name of a service in both languages."""
    return CATALOGUE[code].name


def root_of(code: str) -> str:
    """Return the line of business (业务种类) that a code belongs to: ``B25`` of ``B25.search``."""
    *_, root = ancestry(code)
    return root


def children_of(code: str) -> tuple[str, ...]:
    """Return the sub-items of a service in the order of the catalogue."""
    return tuple(s.code for s in _SERVICES if s.parent == code)


def ancestry(code: str) -> Iterator[str]:
    """Yield a code, then what it is a part of, up to its line of business."""
    at: str | None = code
    while at is not None:
        yield at
        at = CATALOGUE[at].parent


@lru_cache(maxsize=4096)
def covers(licensed: str, service: str) -> bool:
    """Return whether a licence for one service permits another (业务种类包含).

    A service covers itself and its parts: ``B25`` and ``B25.internet`` cover ``B25.search``.
    A class of licences (``A1``, ``A2``, ``B1``, ``B2``) covers every service of that class;
    a class is covered by any service of it, but A2 not by the running of others' networks (A27),
    for which no basic licence is granted.
    """
    if service in CATEGORIES:
        return licensed[:2] == service and licensed != _HOSTED_NETWORKS
    if licensed in CATEGORIES:
        return root_of(service).startswith(licensed)
    return licensed in ancestry(service)


def permits(permitted: Iterable[str], service: str) -> bool | None:
    """Return whether a licence's items permit a service; None if they permit only a part of it.

    A licence for ``B11.idc`` does not decide about ``B11`` as a whole.
    """
    codes = tuple(permitted)
    if any(covers(code, service) for code in codes):
        return True
    return None if any(covers(service, code) for code in codes) else False


_ENDING = re.compile(r"(?:服务业务|服务|业务)$")


def _endings(name: str) -> Iterator[str]:
    """Yield a name with each ending that licences give it."""
    yield name
    stem = _ENDING.sub("", name)
    if stem != name:
        yield from (stem + ending for ending in ("服务业务", "服务", "业务"))
    else:
        yield from (name + "业务", name + "服务")


def _all_wordings() -> dict[str, str]:
    codes: dict[str, str] = {}
    for service in _SERVICES:
        for name in (service.name.zh, *service.aliases):
            if "（" not in name:  # a name with a limit in brackets is read, not looked up
                for wording in _endings(fold_tight(name).text):
                    codes.setdefault(wording, service.code)
    return codes


WORDINGS: Mapping[str, str] = MappingProxyType(_all_wordings())
"""Every wording of a service, folded, with its code.

What a name ends in (服务, 业务, 服务业务) varies from licence to licence.
"""


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


_CONTENT = """
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
    for word, key, en, *others in _rows(_CONTENT):
        name, _, printed = word.partition(" ")
        yield Preapproval(name, key, en, _words(others), printed=bool(printed))


PREAPPROVALS: tuple[Preapproval, ...] = tuple(_preapprovals())
"""Pre-approvals (前置审批) that scope texts name, before and after the 2015 catalogue."""
