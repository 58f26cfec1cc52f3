"""Provinces and cities of China (行政区划) by their short names.

Names of provinces and prefecture-level cities as of 2024 (民政部 行政区划代码), without the
endings 省, 市, 地区, 盟 and 自治州. Counties and districts are not listed.

Other registers write them as codes, in English or in traditional characters. GB/T 2260 gives every
division six digits: the first two are the province, the next two number the cities of a province in
the order of their list, with gaps: reserved numbers, and prefectures that are numbered apart. Names
of provinces are read in English as well; of other divisions, only what is certain is told. Of what
lies outside the mainland (境外), names and codes of countries are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pytest_icp.law.folding import fold_tight

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


# ---- Divisions as other registers write them (行政区划的其他写法)


_PROVINCES = """
    11 北京 beijing / 12 天津 tianjin / 13 河北 hebei / 14 山西 shanxi / 15 内蒙古 innermongolia
    21 辽宁 liaoning / 22 吉林 jilin / 23 黑龙江 heilongjiang / 31 上海 shanghai / 32 江苏 jiangsu
    33 浙江 zhejiang / 34 安徽 anhui / 35 福建 fujian / 36 江西 jiangxi / 37 山东 shandong
    41 河南 henan / 42 湖北 hubei / 43 湖南 hunan / 44 广东 guangdong / 45 广西 guangxi
    46 海南 hainan / 50 重庆 chongqing / 51 四川 sichuan / 52 贵州 guizhou / 53 云南 yunnan
    54 西藏 tibet / 61 陕西 shaanxi / 62 甘肃 gansu / 63 青海 qinghai / 64 宁夏 ningxia
    65 新疆 xinjiang / 71 台湾 taiwan / 81 香港 hongkong / 82 澳门 macao
"""


def _rows(table: str) -> list[list[str]]:
    return [row.split() for row in re.split(r"[/\n]", table) if row.strip()]


_ROWS = _rows(_PROVINCES)

PROVINCE_CODES: Mapping[str, str] = MappingProxyType({code: name for code, name, _ in _ROWS})
"""The first two digits of codes of divisions (GB/T 2260)."""

_ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        **{english: name for _, name, english in _ROWS},
        "neimenggu": "内蒙古",
        "neimongol": "内蒙古",
        "xizang": "西藏",
        "xianggang": "香港",
        "macau": "澳门",
        "aomen": "澳门",
    }
)
_ENGLISH_ENDING = re.compile(
    r"(?:province|municipality|city|shi|sheng|(?:zhuang|hui|uygur|uyghur)?autonomousregion|sar)$"
)
_CODE = re.compile(r"([0-9]{2})(?:[0-9]{2}){0,5}")
_SIMPLIFIED = str.maketrans(
    "巿陽東橋號區縣廣門龍灣臺蘇遼寧陝貴雲連長漢濟無錫鎮揚鹽煙濰濱萊蕪懷陰鄭開許駐馬荊黃岡瀋撫順錦"
    "營盤鐵嶺蘆島齊爾鶴雙鴨慶綏紹興麗溫縉銅巖廈贛饒歐嶽頭瓊綿內樂賓達資畢節騰衝臨滄銀衛烏魯園經發"
    "術業產國際電設樓層棟學華聯環鄉蘭慄應韋畝灘滬歷莊劉趙孫吳韓馮蔣勝義豐圍崗壩蕭餘閔寶靜閘盧匯車"
    "團買賣網絡訊數據務貿實創億動員處視頻點個體銷購書報紙醫藥農漁飛機鋼錢財圖畫亞聖聲遊戲導輸輛駕"
    "駛養護壯愛親兒優選質擇隊後陳謝鄧葉範鍾譚陸賈嚴顧龔湯鄒賀賴關軟統極險紀寬帶劍煒燁偉傑強剛鋒鵬"
    "軍濤輝潔瑩艷紅鳳貞潤澤諾奧維賽邁馳騏驥凱穎瑋曉暉楓樺權歸湧溝滿潛灑爐獅獎瑤療監礎禮種穩筆築簡"
    "籌粵糧級純細終組結給綜綠緣線練縱總績織續職聽肅膠藝薩藍補裝製複觀規覽覺觸計訂記評詞試話認語誠"
    "課調論諮謀證識譽讀變貝貢責費貼賃賞贏趨踐軌載較輕輪轉邊郵鄰釋針鈴鋪錄鍵鏈鏡鑽閃閱闊隨雜離霧靈"
    "響項預領題額類願風館驗驛魚鮮鳥麥齡僅詢時碼遞審聞傳託備儲專為從於佈尋窩徑與間換擬協貸須檢頁態獲別單戶稱屬綫說説編蓋",
    "市阳东桥号区县广门龙湾台苏辽宁陕贵云连长汉济无锡镇扬盐烟潍滨莱芜怀阴郑开许驻马荆黄冈沈抚顺锦"
    "营盘铁岭芦岛齐尔鹤双鸭庆绥绍兴丽温缙铜岩厦赣饶欧岳头琼绵内乐宾达资毕节腾冲临沧银卫乌鲁园经发"
    "术业产国际电设楼层栋学华联环乡兰栗应韦亩滩沪历庄刘赵孙吴韩冯蒋胜义丰围岗坝萧余闵宝静闸卢汇车"
    "团买卖网络讯数据务贸实创亿动员处视频点个体销购书报纸医药农渔飞机钢钱财图画亚圣声游戏导输辆驾"
    "驶养护壮爱亲儿优选质择队后陈谢邓叶范钟谭陆贾严顾龚汤邹贺赖关软统极险纪宽带剑炜烨伟杰强刚锋鹏"
    "军涛辉洁莹艳红凤贞润泽诺奥维赛迈驰骐骥凯颖玮晓晖枫桦权归涌沟满潜洒炉狮奖瑶疗监础礼种稳笔筑简"
    "筹粤粮级纯细终组结给综绿缘线练纵总绩织续职听肃胶艺萨蓝补装制复观规览觉触计订记评词试话认语诚"
    "课调论咨谋证识誉读变贝贡责费贴赁赏赢趋践轨载较轻轮转边邮邻释针铃铺录键链镜钻闪阅阔随杂离雾灵"
    "响项预领题额类愿风馆验驿鱼鲜鸟麦龄仅询时码递审闻传托备储专为从于布寻窝径与间换拟协贷须检页态获别单户称属线说说编盖",
)


def simplified(text: str) -> str:
    """Return a text with the traditional characters (繁体) of places and companies simplified."""
    return text.translate(_SIMPLIFIED)


def may_be_traditional(name: str, simple: str) -> bool:
    """Whether a name may be another one in traditional characters that are not known here.

    They differ only in characters of which one is none of GB 2312, which has no traditional ones.
    """
    differing = [pair for pair in zip(name, simple, strict=False) if len({*pair}) > 1]
    return len(name) == len(simple) and all(any(map(_is_rare, pair)) for pair in differing)


def _is_rare(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


def is_written_otherwise(text: str) -> bool:
    """Whether a text may be another spelling of a Chinese name: English, a code, traditional form.

    GB 2312 has the characters of today's names of places, and no traditional ones.
    """
    tight = fold_tight(text).text
    if not re.search(r"[^\W\d_A-Za-z]", tight):
        return True
    return _is_rare(tight)


def province_of_spelling(text: str) -> str | None:
    """Return the province of a code of a division, or of an English name; None without one."""
    tight = fold_tight(text).text
    code = _CODE.fullmatch(tight)
    if code:
        return PROVINCE_CODES.get(code[1])
    plain = re.sub(r"[^a-z]", "", tight.casefold()) if tight.isascii() else ""
    return _ENGLISH.get(plain) or _ENGLISH.get(_ENGLISH_ENDING.sub("", plain))


_GAPS = """
    兴安 22 锡林郭勒 25 阿拉善 29 延边 24 大兴安岭 27 黄山 10 六安 15 亳州 16 临沂 13 滨州 16
    宜昌 05 恩施 28 湘西 31 肇庆 12 清远 18 潮州 51 自贡 03 南充 13 阿坝 32 黔西南 23 黔东南 26
    曲靖 03 楚雄 23 红河 25 西双版纳 28 德宏 31 怒江 33 阿里 25 临夏 29 海北 22 海南 25 吐鲁番 04
    昌吉 23 博尔塔拉 27 伊犁 40 塔城 42
"""
_AFTER_GAP = dict(zip(_GAPS.split()[::2], _GAPS.split()[1::2], strict=True))
_UNDER_THE_PROVINCE = frozenset("济源 仙桃 潜江 天门 神农架 石河子 阿拉尔".split())
"""Counties that a province governs itself; they have no number of a city."""


def _codes() -> Iterator[tuple[str, str]]:
    for code, province in PROVINCE_CODES.items():
        number = 0
        for city in CITIES[province]:
            if city in _UNDER_THE_PROVINCE:
                continue
            number = int(_AFTER_GAP.get(city, number + 1))
            yield f"{code}{number:02}", city


_CITY_CODES: Mapping[str, str] = MappingProxyType(dict(_codes()))


def city_of_code(text: str) -> str | None:
    """Return the short name of the city that a code of a division tells; None without one."""
    code = fold_tight(text).text
    if not re.fullmatch(r"(?:[0-9]{2}){2,6}", code):
        return None
    province = PROVINCE_CODES.get(code[:2])
    if province in MUNICIPALITIES or province in OUTSIDE:
        return province
    return _CITY_CODES.get(code[:4])


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
_ABROAD = _rows(_COUNTRIES)
_REGIONS = "境外 海外 国外 港澳台 港澳 欧洲 北美 南美 美洲 非洲 大洋洲 欧美 东南亚 中东"
_OTHER_NAMES = "沙特 印尼 usa uk uae"
_OF_PROVINCES = frozenset(("FJ", "SD", "SN", "TJ"))
"""Codes that are also written for 福建, 山东, 陕西 and 天津."""

COUNTRIES: Mapping[str, str] = MappingProxyType({code: name for code, name, _ in _ABROAD})
"""Chinese names by ISO 3166 codes, of those in which networks are rented."""

_NAMES = frozenset(
    [
        *(code.lower() for code in COUNTRIES.keys() - _OF_PROVINCES),
        *COUNTRIES.values(),
        *(english for _, _, english in _ABROAD),
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
