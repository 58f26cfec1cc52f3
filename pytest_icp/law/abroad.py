"""Names of countries and regions outside mainland China (境外), as areas are written."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_COUNTRIES = """
AD 安道尔 andorra/AE 阿联酋 unitedarabemirates/AF 阿富汗 afghanistan/AL 阿尔巴尼亚 albania
AM 亚美尼亚 armenia/AO 安哥拉 angola/AR 阿根廷 argentina/AT 奥地利 austria
AU 澳大利亚 australia/AZ 阿塞拜疆 azerbaijan/BA 波黑 bosnia/BD 孟加拉国 bangladesh
BE 比利时 belgium/BG 保加利亚 bulgaria/BH 巴林 bahrain/BN 文莱 brunei/BO 玻利维亚 bolivia
BR 巴西 brazil/BT 不丹 bhutan/BW 博茨瓦纳 botswana/BY 白俄罗斯 belarus/CA 加拿大 canada
CH 瑞士 switzerland/CL 智利 chile/CM 喀麦隆 cameroon/CO 哥伦比亚 colombia
CR 哥斯达黎加 costarica/CU 古巴 cuba/CY 塞浦路斯 cyprus/CZ 捷克 czechia/DE 德国 germany
DK 丹麦 denmark/DZ 阿尔及利亚 algeria/EC 厄瓜多尔 ecuador/EE 爱沙尼亚 estonia/EG 埃及 egypt
ES 西班牙 spain/ET 埃塞俄比亚 ethiopia/FI 芬兰 finland/FJ 斐济 fiji/FR 法国 france
GB 英国 unitedkingdom/GE 格鲁吉亚 georgia/GH 加纳 ghana/GR 希腊 greece/GT 危地马拉 guatemala
HK 香港 hongkong/HR 克罗地亚 croatia/HU 匈牙利 hungary/ID 印度尼西亚 indonesia
IE 爱尔兰 ireland/IL 以色列 israel/IN 印度 india/IQ 伊拉克 iraq/IR 伊朗 iran/IS 冰岛 iceland
IT 意大利 italy/JM 牙买加 jamaica/JO 约旦 jordan/JP 日本 japan/KE 肯尼亚 kenya
KG 吉尔吉斯斯坦 kyrgyzstan/KH 柬埔寨 cambodia/KP 朝鲜 northkorea/KR 韩国 korea
KW 科威特 kuwait/KZ 哈萨克斯坦 kazakhstan/LA 老挝 laos/LB 黎巴嫩 lebanon
LI 列支敦士登 liechtenstein/LK 斯里兰卡 srilanka/LT 立陶宛 lithuania/LU 卢森堡 luxembourg
LV 拉脱维亚 latvia/LY 利比亚 libya/MA 摩洛哥 morocco/MC 摩纳哥 monaco/MD 摩尔多瓦 moldova
ME 黑山 montenegro/MG 马达加斯加 madagascar/MM 缅甸 myanmar/MN 蒙古国 mongolia/MO 澳门 macao
MT 马耳他 malta/MU 毛里求斯 mauritius/MV 马尔代夫 maldives/MX 墨西哥 mexico
MY 马来西亚 malaysia/MZ 莫桑比克 mozambique/NA 纳米比亚 namibia/NG 尼日利亚 nigeria
NL 荷兰 netherlands/NO 挪威 norway/NP 尼泊尔 nepal/NZ 新西兰 newzealand/OM 阿曼 oman
PA 巴拿马 panama/PE 秘鲁 peru/PG 巴布亚新几内亚 papuanewguinea/PH 菲律宾 philippines
PK 巴基斯坦 pakistan/PL 波兰 poland/PT 葡萄牙 portugal/PY 巴拉圭 paraguay/QA 卡塔尔 qatar
RO 罗马尼亚 romania/RS 塞尔维亚 serbia/RU 俄罗斯 russia/RW 卢旺达 rwanda
SA 沙特阿拉伯 saudiarabia/SD 苏丹 sudan/SE 瑞典 sweden/SG 新加坡 singapore
SI 斯洛文尼亚 slovenia/SK 斯洛伐克 slovakia/SN 塞内加尔 senegal/SY 叙利亚 syria
TH 泰国 thailand/TJ 塔吉克斯坦 tajikistan/TM 土库曼斯坦 turkmenistan/TN 突尼斯 tunisia
TR 土耳其 turkey/TW 台湾 taiwan/TZ 坦桑尼亚 tanzania/UA 乌克兰 ukraine/UG 乌干达 uganda
US 美国 unitedstates/UY 乌拉圭 uruguay/UZ 乌兹别克斯坦 uzbekistan/VE 委内瑞拉 venezuela
VN 越南 vietnam/YE 也门 yemen/ZA 南非 southafrica/ZM 赞比亚 zambia/ZW 津巴布韦 zimbabwe
"""
_ROWS = [row.split() for line in _COUNTRIES.split("\n") for row in line.split("/") if row.strip()]
_REGIONS = "境外 海外 国外 港澳台 港澳 欧洲 北美 南美 美洲 非洲 大洋洲 欧美 东南亚 中东"
_OTHER_NAMES = "沙特 印尼 usa uk uae"
_OF_PROVINCES = frozenset(("FJ", "SD", "SN", "TJ"))
"""Codes that are also written for 福建, 山东, 陕西 and 天津."""

COUNTRIES: Mapping[str, str] = MappingProxyType({code: name for code, name, _ in _ROWS})
"""Chinese names by ISO 3166 codes, of those in which networks are rented."""

_NAMES = frozenset(
    [
        *(code.lower() for code in COUNTRIES.keys() - _OF_PROVINCES),
        *COUNTRIES.values(),
        *(english for _, _, english in _ROWS),
        *_REGIONS.split(),
        *_OTHER_NAMES.split(),
    ]
)
_BEGINNINGS = tuple(name for name in sorted(_NAMES) if not name.isascii())


def is_named_abroad(area: str) -> bool:
    """Return whether a text names a country or region outside the mainland, or a place in one.

    美国, US, Hong Kong and 德国法兰克福 do; a city alone, such as Frankfurt, is not recognised.
    """
    name = re.sub(r"[\s.·-]", "", area).casefold()
    return name in _NAMES or name.startswith(_BEGINNINGS)
