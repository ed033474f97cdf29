"""Chinese captions: people, animals, traffic, food, rooms, things and views."""

from __future__ import annotations

from engine.data.builtin.phrases import Phrases

_PEOPLE = {
    "person": (
        *("一个{man}", "一个{man}", "一个{age}{man}", "一个{wearing}的{man}", "一位{age}{grown}"),
        *("一位{wearing}的{grown}",),
    ),
    "people": (
        *("{count}个{man}", "{count}个{wearing}的{man}", "一群{man}", "几位{age}{grown}", "{count}位{grown}"),
        *("一个{man}和一位{grown}",),
    ),
    "man": ("男人", "女人", "男孩", "女孩", "孩子", "学生", "年轻人", "游客", "工人", "小朋友", "农民", "司机"),
    "grown": ("老人", "老师", "厨师", "渔夫", "医生", "画家", "妈妈", "警察", "舞者", "摄影师", "服务员", "音乐家"),
    "age": ("年轻的", "微笑的", "高大的", "戴眼镜的", "留着胡子的", "长头发的", "背着书包的", "疲惫的", "认真的"),
    "wearing": (
        *("穿{colour}上衣", "穿{colour}外套", "戴{colour}帽子", "穿{colour}裙子", "穿雨靴", "系围裙", "穿校服"),
        *("围着{colour}围巾", "穿西装"),
    ),
    "count": ("两", "三", "四", "五", "好几", "许多"),
    "act": (
        *("骑{colour}的自行车", "看{paper}", "撑着{colour}的伞", "放风筝", "打电话", "拍照", "吃{snack}"),
        *("喝{drink}", "卖{goods}", "弹{string}", "推着{colour}的小车", "提着{container}", "等{public}"),
        *("画{painted}", "扔飞盘", "遛狗", "喂{bird}", "坐在{seat}上休息", "修理{vehicle}", "洗{vehicle}", "下棋"),
        *("聊天", "跳舞", "散步", "睡觉"),
    ),
    "indoor_act": (
        *("做{meal}", "切{cake}", "看电视", "用电脑打字", "洗碗", "摆餐具", "弹{string}", "叠{colour}的毛巾"),
        *("倒{drink}", "照镜子", "烤面包", "给{small_pet}梳毛", "写作业", "包饺子"),
    ),
    "sport": ("踢足球", "打网球", "打篮球", "打排球", "打棒球", "追着球跑", "等着接球", "庆祝进球", "做热身", "跳绳"),
    "snow_act": ("滑雪", "玩单板", "爬坡", "滑雪橇", "堆雪人"),
    "wave_act": ("冲浪", "划船", "游泳", "捡贝壳", "钓鱼", "驾驶帆船"),
}
_ANIMALS = {
    "animal": (
        *("一只{fur}{pet}", "一只{mood}{pet}", "一匹{fur}{horse}", "一头{mood}{cattle}", "一头{fur}{cattle}"),
        *("一只{bird}",),
    ),
    "animals": (
        *("{count}只{fur}{pet}", "{count}只{mood}{pet}", "一群{bird}", "{count}匹{fur}{horse}", "{count}头{cattle}"),
        *("一只{pet}和一只{bird}", "一群{mood}{cattle}"),
    ),
    "pet": ("狗", "猫", "兔子", "小狗", "小猫", "猴子", "狐狸", "熊", "山羊", "松鼠", "老虎", "长颈鹿"),
    "small_pet": ("小狗", "小猫", "兔子", "长毛狗"),
    "horse": ("马", "斑马", "小马", "骆驼"),
    "cattle": ("牛", "大象", "奶牛", "驴", "狮子", "鹿"),
    "bird": ("鸭子", "鸽子", "海鸥", "天鹅", "鹅", "麻雀", "鹦鹉", "火烈鸟"),
    "fur": ("棕色的", "黑色的", "白色的", "灰色的", "花斑的", "黑白相间的", "毛茸茸的", "湿漉漉的"),
    "mood": ("年幼的", "好奇的", "困倦的", "饥饿的", "安静的", "胖胖的"),
    "animal_act": ("站着", "躺着", "休息", "奔跑", "喝水", "张望", "睡觉", "吃东西", "玩{toy}", "慢慢走"),
    "toy": ("木棍", "皮球", "绳子", "旧鞋", "飞盘"),
    "animal_place": (
        *("在{green}草地上", "在{material}栅栏后面", "在{tree}旁边", "在{quality}小路上", "在{tree}的树荫下"),
        *("在{water}边", "在雪地里", "在{colour}的{vehicle}上面", "在{material}桌子下面", "在高高的草丛里"),
        *("在谷仓门口",),
    ),
}
_TRAFFIC = {
    "vehicle": ("汽车", "卡车", "面包车", "摩托车", "自行车", "出租车", "拖拉机", "公交车", "电动车"),
    "public": ("公交车", "火车", "电车", "出租车", "渡船"),
    "rail": ("火车", "蒸汽机车", "货运列车", "有轨电车", "地铁列车"),
    "rail_act": ("驶进{quality}车站", "开过{material}桥", "驶出隧道", "经过{building}", "停在站台旁", "穿过山谷"),
    "flight": ("飞机", "喷气式飞机", "直升机", "水上飞机"),
    "flight_act": ("飞过{sight}", "在{sight}附近降落", "起飞", "低低地飞过{water}"),
    "sight": ("城市", "群山", "{building}", "云层", "{water}", "田野", "屋顶"),
    "road": (
        *("在{quality}街道上", "在{building}前面", "在{material}墙边", "在红绿灯前", "在{quality}路边", "在桥下"),
        *("在停车场里", "在{building}附近"),
    ),
    "boat": ("小船", "帆船", "渡船", "渔船", "轮船", "木筏"),
    "water": ("湖", "河", "池塘", "港口", "运河", "海", "瀑布", "游泳池"),
}
_FOOD = {
    "dish": (
        *("一份{taste}披萨", "一块{taste}三明治", "一碗{soup}汤", "一份{taste}沙拉", "一个汉堡", "一盘{staple}"),
        *("一块{cake}", "一条烤鱼", "一份{taste}煎蛋", "一叠煎饼", "一碗水果", "一堆{vegetable}", "一只烤鸡"),
    ),
    "side": (
        *("{vegetable}", "{vegetable}", "薯条", "米饭", "奶酪", "{colour}的酱汁", "香草", "豆子", "柠檬片", "煮鸡蛋"),
    ),
    "vegetable": (
        *("胡萝卜", "西红柿", "洋葱", "蘑菇", "青椒", "西兰花", "菠菜", "豌豆", "玉米", "黄瓜", "土豆", "橙子"),
        *("香蕉", "苹果", "草莓"),
    ),
    "soup": ("番茄", "蔬菜", "鸡", "洋葱", "南瓜", "豆腐"),
    "staple": ("意大利面", "面条", "饺子", "寿司", "包子", "炒饭"),
    "cake": ("巧克力蛋糕", "生日蛋糕", "奶酪蛋糕", "苹果派", "婚礼蛋糕", "柠檬挞"),
    "snack": ("冰淇淋", "三明治", "香蕉", "甜甜圈", "披萨", "苹果", "爆米花", "糖葫芦"),
    "meal": ("晚饭", "早餐", "汤", "煎蛋", "鱼", "面条"),
    "taste": ("小小的", "大大的", "新鲜的", "自制的", "烤过的", "吃了一半的", "素的"),
    "drink": ("咖啡", "茶", "热巧克力", "果汁", "牛奶", "矿泉水"),
    "cup": ("一杯咖啡", "一杯牛奶", "一壶茶", "一杯红酒", "一瓶啤酒"),
    "plate": (
        *("在{colour}的盘子里", "在{material}桌子上", "在纸盘里", "在{colour}的桌布上", "在{material}砧板上"),
        *("在{colour}的碗里", "在纸盒里"),
    ),
    "goods": ("水果", "鲜花", "蔬菜", "报纸", "帽子", "鱼", "面包", "气球"),
}
_ROOMS = {
    "room": (
        *("{quality}厨房", "{quality}客厅", "{colour}的浴室", "{quality}卧室", "{quality}办公室", "{quality}教室"),
        *("{quality}书房", "{quality}餐厅"),
    ),
    "furniture": (
        *("一张{colour}的沙发", "一张{material}桌子", "一张{size}床", "一把{colour}的椅子", "一扇{size}窗户"),
        *("一块{colour}的地毯", "一面{size}镜子", "一个壁炉", "一个白色的水池", "一个{material}书架"),
        *("一台{size}冰箱", "一盏{colour}的灯", "一台电视", "一架钢琴", "一个{size}钟"),
    ),
    "thing": (
        *("一个{colour}的花瓶", "一把剪刀", "一个{colour}的箱子", "一台电脑", "一个{size}钟", "一只玩具熊"),
        *("一本{colour}的书", "一部手机", "一把{colour}的伞", "一个{material}碗", "一把吉他", "一个遥控器"),
        *("一支{size}蜡烛", "一束鲜花", "一双{colour}的鞋", "一个{colour}的包", "一支牙刷"),
    ),
    "surface": (
        *("{material}桌子上", "{colour}的椅子上", "{material}架子上", "地板上", "{colour}的毯子上", "{size}窗户旁边"),
        *("{material}长凳上",),
    ),
    "seat": ("{material}长凳", "{colour}的沙发", "{colour}的椅子", "{colour}的毯子", "秋千"),
    "container": ("篮子", "{colour}的盒子", "{colour}的箱子", "水桶", "{colour}的袋子", "托盘"),
    "paper": ("报纸", "地图", "书", "菜单", "信", "杂志", "照片"),
    "painted": ("{material}栅栏", "{colour}的墙", "肖像", "风景"),
    "string": ("吉他", "钢琴", "古筝", "琵琶"),
}
_PLACES = {
    "place": (
        *("在{green}公园里", "在{quality}沙滩上", "在{quality}街道上", "在{building}前面", "在{quality}市场里"),
        *("在{water}边", "在{tree}下", "在{material}桥上", "在公交站", "在{green}花园里", "在喷泉旁", "在火车站"),
        *("在阳台上", "在雨中", "在广场上", "在山坡上"),
    ),
    "field": (
        *("在{green}草地上", "在体育场里", "在{quality}球场上", "在{green}公园里", "在沙滩上", "在操场上"),
        *("在观众面前",),
    ),
    "building": (
        *("教堂", "砖房", "面包店", "酒店", "学校", "博物馆", "城堡", "灯塔", "车站", "石塔", "农场", "商店"),
        *("咖啡馆", "剧院", "寺庙", "工厂", "风车", "钟楼", "图书馆"),
    ),
    "scene": (
        *("{quality}城市", "{green}山谷", "积雪的高山", "{quality}港口", "茂密的森林", "古老的村庄", "{quality}街道"),
        *("岩石海岸", "{green}草原", "沙漠"),
    ),
    "when": ("夜晚", "黄昏", "清晨", "阴天", "冬天", "秋天", "晴天", "雨后", "雾中"),
    "tree": ("大树", "棕榈树", "松树", "苹果树", "柳树", "{colour}的遮阳伞"),
    "green": ("绿色的", "宽阔的", "干枯的", "阳光下的", "泥泞的", "积雪的", "开满花的", "安静的"),
    "quality": (
        *("安静的", "热闹的", "狭窄的", "空荡荡的", "拥挤的", "明亮的", "潮湿的", "现代的", "老旧的", "昏暗的"),
        *("干净的",),
    ),
    "material": ("木制的", "石头的", "金属的", "玻璃的", "砖砌的", "塑料的", "生锈的", "白色的", "圆形的"),
    "size": ("小小的", "大大的", "巨大的", "高高的"),
    "colour": ("红色", "蓝色", "绿色", "黄色", "白色", "黑色", "棕色", "橙色", "紫色", "粉色", "灰色", "银色"),
}

CAPTIONS = Phrases(
    {
        "caption": (
            *("{person}{place}{act}", "{person}正{place}{act}", "{when}，{person}{place}{act}"),
            *("{people}{place}{act}", "{people}正{place}{act}", "{when}，{people}{place}{act}"),
            *("{person}在{room}里{indoor_act}", "{people}在{room}里{indoor_act}"),
            *("{person}在{act}，{people}在旁边看着", "{person}{field}{sport}", "{people}{field}{sport}"),
            *("{person}在积雪的{slope}上{snow_act}", "{when}，{people}在{slope}上{snow_act}"),
            *("{person}在{quality}海滩{wave_act}", "{animal}{animal_place}{animal_act}"),
            *("{when}，{animal}{animal_place}{animal_act}", "{animals}{animal_place}{animal_act}"),
            *("{animals}正{animal_place}{animal_act}", "{person}站在{animal}旁边", "{animal}{animal_act}的特写"),
            *("一辆{colour}的{vehicle}停{road}", "{count}辆{vehicle}停{road}"),
            *("{when}，{quality}街道上有{count}辆{colour}的{vehicle}", "一列{colour}的{rail}正{rail_act}"),
            *("一架{colour}的{flight}正{flight_act}", "{when}，一艘{colour}的{boat}在{quality}{water}上"),
            *("{dish}配{side}放{plate}", "{dish}和{cup}放{plate}", "{colour}的盘子里有{dish}和{side}"),
            *("{person}端着{dish}配{side}", "{room}里有{furniture}和{furniture}"),
            *("{room}里，{furniture}旁边是{furniture}", "{surface}放着{thing}和{thing}"),
            *("{thing}和{thing}放在{surface}", "{when}的{scene}，远处有一座{building}"),
            *("{scene}的{when}景色，旁边是{building}", "一座{size}{building}在{water}边，{when}"),
        ),
        "slope": ("山坡", "滑雪道", "小山", "雪山"),
        **_PEOPLE,
        **_ANIMALS,
        **_TRAFFIC,
        **_FOOD,
        **_ROOMS,
        **_PLACES,
    }
)
