"""Provinces and cities of China (行政区划) by their short names.

Names of provinces and prefecture-level cities as of 2024 (民政部 行政区划代码), without the
endings 省, 市, 地区, 盟 and 自治州. Counties and districts are not listed.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MUNICIPALITIES: frozenset[str] = frozenset(("北京", "天津", "上海", "重庆"))
"""Cities that are also provinces (直辖市)."""

OUTSIDE: Mapping[str, str] = MappingProxyType({"香港": "HK", "澳门": "MO", "台湾": "TW"})
"""Parts of China that are not the mainland (境内), with their ISO 3166 codes."""

_CITIES = {
    "北京": "北京",
    "天津": "天津",
    "河北": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水",
    "山西": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安 "
    "锡林郭勒 阿拉善",
    "辽宁": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛",
    "吉林": "长春 吉林 四平 辽源 通化 白山 松原 白城 延边",
    "黑龙江": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭",
    "上海": "上海",
    "江苏": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁",
    "浙江": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水",
    "安徽": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城",
    "福建": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德",
    "江西": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "山东": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
    "河南": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 "
    "商丘 信阳 周口 驻马店 济源",
    "湖北": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 "
    "潜江 天门 神农架",
    "湖南": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西",
    "广东": "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 "
    "阳江 清远 东莞 中山 潮州 揭阳 云浮",
    "广西": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
    "海南": "海口 三亚 三沙 儋州",
    "重庆": "重庆",
    "四川": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 "
    "广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山",
    "贵州": "贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南",
    "云南": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆",
    "西藏": "拉萨 日喀则 昌都 林芝 山南 那曲 阿里",
    "陕西": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
    "甘肃": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南",
    "青海": "西宁 海东 海北 黄南 海南 果洛 玉树 海西",
    "宁夏": "银川 石嘴山 吴忠 固原 中卫",
    "新疆": "乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏 "
    "喀什 和田 伊犁 塔城 阿勒泰 石河子 阿拉尔",
    "香港": "香港",
    "澳门": "澳门",
    "台湾": "台北 新北 桃园 台中 台南 高雄",
}

CITIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {province: tuple(cities.split()) for province, cities in _CITIES.items()}
)
"""The prefecture-level cities of every province, by short names."""

PROVINCE_OF: Mapping[str, str] = MappingProxyType(
    # 海南 is a province and, in 青海, a prefecture: as a word alone it is the province.
    {
        city: province
        for province, cities in CITIES.items()
        for city in cities
        if city not in CITIES or city in {province, "吉林"}
    }
)
"""Which province a city belongs to."""

FORMER_DISTRICTS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("北京", "崇文"): "东城",
        ("北京", "宣武"): "西城",
        ("上海", "卢湾"): "黄浦",
        ("上海", "南市"): "黄浦",
        ("上海", "闸北"): "静安",
        ("上海", "南汇"): "浦东",
        ("天津", "塘沽"): "滨海",
        ("天津", "汉沽"): "滨海",
        ("天津", "大港"): "滨海",
        ("广州", "东山"): "越秀",
        ("广州", "芳村"): "荔湾",
        ("广州", "萝岗"): "黄埔",
    }
)
"""Districts that licences still print, and the one that each was merged into."""

_OF_SIGNS = (
    "北京 天津 上海 重庆 河北 河南 云南 辽宁 黑龙江 湖南 安徽 山东 新疆 江苏 浙江 江西 湖北 广西 "
    "甘肃 山西 内蒙古 陕西 吉林 福建 贵州 广东 青海 西藏 四川 宁夏 海南 四川 贵州 云南 甘肃"
)

SIGNS: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼蜀黔滇陇",
            _OF_SIGNS.split(),
            strict=True,
        )
    )
)
"""The one-character names (简称) in numbers of licences and filings, and their provinces."""

_PROVINCE_ENDING = re.compile(r"(?:省|市|自治区|特别行政区)$")
_CITY_ENDING = re.compile(r"(?:市|地区|盟|林区|州|\w{2,9}自治州)?")
_DISTRICT_ENDING = re.compile(r"(?:新区|林区|特区|区|县|市|旗)$")
_SHORTEST = 2


def short_province(name: str) -> str:
    """Return the short name of a province: 内蒙古 of 内蒙古自治区."""
    known = (province for province in CITIES if name.startswith(province))
    return next(known, _PROVINCE_ENDING.sub("", name))


def short_city(name: str) -> str:
    """Return the short name of a city or prefecture: 延边 of 延边朝鲜族自治州."""
    for size in range(len(name), _SHORTEST - 1, -1):
        known = name[:size] in PROVINCE_OF or name[:size] in CITIES
        if known and _CITY_ENDING.fullmatch(name, size):
            return name[:size]
    return name.removesuffix("市")


def short_district(name: str) -> str:
    """Return the short name of a district or county: 朝阳 of 朝阳区; 和县 stays 和县."""
    short = _DISTRICT_ENDING.sub("", name)
    return short if len(short) >= _SHORTEST else name
