"""Chinese reviews of hotels: food, service, room, price, location, cleanliness."""

from __future__ import annotations

from engine.data.builtin.aspects_grammar import Aspect, AspectGrammar

_FOOD = Aspect(
    name="餐饮",
    nouns=("早餐", "汤", "咖啡", "晚饭", "鱼", "面包", "菜", "甜点"),
    adjectives=("美味", "难吃", "可口", "油腻", "新鲜", "发苦"),
    implied=(
        "我每天{time_of_day}都[又要了一盘]",
        "我们[剩下了一大半]",
        "吃了两口就[跑去外面买]",
        "到现在还[想着那碗面]",
    ),
    neutral=(
        "早餐供应到{number}点",
        "菜单挂在电梯旁边",
        "晚饭在一楼的大厅",
        "走廊里有一台咖啡机",
        "{person}从家里带了面包",
    ),
)
_SERVICE = Aspect(
    name="服务",
    nouns=("前台", "服务员", "经理", "门童", "保洁阿姨", "服务", "管家", "客服"),
    adjectives=("热情", "冷淡", "周到", "怠慢", "耐心", "粗鲁"),
    implied=(
        "按了半小时铃[没人理]",
        "没开口就有人[帮我们提行李]",
        "第二天他们就[记得我们的名字]",
        "一条毛巾[问了三遍]才拿来",
    ),
    neutral=(
        "前台从{number}点开门",
        "门童穿着{colour}的外套",
        "经理是海边人",
        "服务员把什么都记在小本子上",
        "管家的车停在屋后",
    ),
)
_ROOM = Aspect(
    name="房间",
    nouns=("房间", "床", "浴室", "阳台", "淋浴", "床垫", "窗景", "衣柜"),
    adjectives=("舒适", "狭小", "宽敞", "昏暗", "温馨", "漏风"),
    implied=(
        "这一觉[睡得特别沉]",
        "放下箱子就[转不开身]",
        "每天{time_of_day}起来[腰都是疼的]",
        "从窗口[看得见整个海湾]",
    ),
    neutral=(
        "我们的房间在{number}楼",
        "浴室在楼梯旁边",
        "床摆在窗户下面",
        "衣柜里有{number}个挂钩",
        "阳台对着{colour}的房子",
    ),
)
_PRICE = Aspect(
    name="价格",
    nouns=("价格", "账单", "房费", "押金", "停车费", "收费", "定价", "迷你吧的价钱"),
    adjectives=("公道", "离谱", "合理", "偏高", "实惠", "虚高"),
    implied=(
        "再[贵一倍我也愿意]",
        "这个钱在别处[能住两晚]",
        "连毛巾都要[另外收钱]",
        "还[白送了我们一晚]",
    ),
    neutral=(
        "账单装在{colour}的信封里",
        "押金{time}由{person}付了",
        "房费印在门背后",
        "我们刷卡付了钱",
        "停车费交给镇上",
    ),
)
_LOCATION = Aspect(
    name="位置",
    nouns=("位置", "周边", "街道", "去车站的路", "广场", "海滩", "码头", "花园"),
    adjectives=("安静", "吵闹", "方便", "偏僻", "热闹", "荒凉"),
    implied=(
        "想去的地方[走一分钟就到]",
        "窗下[整夜过卡车]",
        "离什么都[好几公里]",
        "{time_of_day}[只听得见海浪]",
    ),
    neutral=(
        "这条街道以一位诗人命名",
        "去海滩的车每{number}分钟一班",
        "{time}广场上有集市",
        "花园是{person}的叔叔修的",
        "码头在教堂后面",
    ),
)
_CLEANLINESS = Aspect(
    name="卫生",
    nouns=("地板", "地毯", "毛巾", "床单", "浴缸", "窗帘", "泳池", "水池"),
    adjectives=("干净", "肮脏", "整洁", "发霉", "一尘不染", "油污斑斑"),
    implied=(
        "地上[一根头发都找不到]",
        "我用袖子[擦掉了灰]",
        "水池里[有别人的头发]",
        "到处都是[肥皂和柠檬的香味]",
    ),
    neutral=(
        "毛巾是{colour}的",
        "泳池{number}点开门",
        "地毯上织着岛的地图",
        "床单周一换",
        "门前挂着{colour}的窗帘",
    ),
)

CHINESE = AspectGrammar(
    aspects=(_CLEANLINESS, _FOOD, _LOCATION, _PRICE, _ROOM, _SERVICE),
    adjectives=("好", "差", "棒", "糟糕", "出色", "让人失望", "令人满意", "不像话"),
    affirmed=(
        "[{noun}]{adverb}[{adjective}]",
        "我们觉得[{noun}]{adverb}[{adjective}]",
        "不得不说[{noun}][{adjective}]",
        "说说[{noun}]：{adverb}[{adjective}]",
        "住下来发现[{noun}]{adverb}[{adjective}]",
        "印象最深的是[{noun}]，{adverb}[{adjective}]",
    ),
    negated=(
        "[{noun}]并[不]{adverb}[{adjective}]",
        "我[不会]说[{noun}][{adjective}]",
        "[{noun}]跟[{adjective}][毫不]沾边",
    ),
    elsewhere=(
        "上次那家酒店的{noun}{adverb}{adjective}",
        "{person}说过那边{noun}{adjective}",
        "隔壁那家以{noun}{adjective}出名",
        "别人写着{noun}{adverb}{adjective}",
        "{person}住的地方{noun}{adverb}{adjective}",
        "{time}住过一家{noun}{adjective}的旅馆",
    ),
    openers=(
        "我们{time}住在这里",
        "我在这家酒店住了{number}晚",
        "我和{person}是{time}来的",
        "这家酒店是{person}订的",
        "我们坐一辆{colour}的出租车到的",
    ),
    fillers=(
        "那天{time_of_day}下着雨",
        "这座城我们从没来过",
        "我坐在{colour}的沙发上写这些",
        "{person}拍了一张照片",
        "我们是坐火车来的",
        "我读完了一本{number}章的书",
        "没有人看我们的证件",
        "{time}有一场婚礼",
        "我们遇见了{number}个老乡",
        "{person}忘了一件{colour}的大衣",
    ),
    words={
        "adverb": ("很", "非常", "特别", "真的", "相当", "十分", "实在"),
        "person": ("姐姐", "弟弟", "邻居", "朋友", "妈妈", "爸爸", "同事", "表哥"),
        "colour": ("蓝色", "红色", "绿色", "灰色", "黑色", "白色", "棕色", "黄色"),
        "number": ("两", "三", "四", "五", "六", "七", "八", "九", "十"),
        "time": ("上周", "五月", "周日", "去年夏天", "冬天", "放假的时候"),
        "time_of_day": ("早上", "中午", "下午", "晚上"),
    },
    full_stop="。",
    space="",
)
