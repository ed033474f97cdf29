"""Signs that the eye takes for one another, or that sound alike: Latin letters and digits, Chinese characters."""

from __future__ import annotations

_FIGURES = {"a": "@", "b": "8", "e": "3", "g": "9", "i": "1", "l": "1", "o": "0", "s": "5$", "t": "7", "z": "2"}
_CYRILLIC = {"a": "а", "c": "с", "e": "е", "i": "і", "j": "ј", "o": "о", "p": "р", "s": "ѕ", "x": "х", "y": "у"}
_ACCENTS = {"a": "à", "c": "ç", "e": "é", "i": "ï", "n": "ñ", "o": "ö", "u": "ü", "y": "ý"}
_DIGITS = {"0": "O", "1": "l", "5": "S", "8": "B"}

_CHINESE = """
账帐賬 帐账 贷货貸 货贷 款欵 钱銭錢 银銀 行彳 卡咔 号耗號 码玛碼 密蜜 信芯 微薇徽威 徽微 链琏鏈 点奌點 击及擊
奖浆獎 中衷 免兔 费废費 领岭領 取娶 验驗 证正證 冻冫 结洁結 转赚轉 汇匯 元圆 万萬 礼礻禮 包饱 红虹紅 现玑現 金今
利俐 息熄 赔培賠 退腿 订汀訂 单箪單 快筷 递弟 客咯 服月 警儆 公么 安桉 检俭檢 察擦 院阮 官宫 法砝 案桉 涉步 嫌赚
洗冼 通甬 知智 您恁 你伱 我莪 他她 的哋 好妤 坏环壞 不卜 没沒 很佷 太大 差羌 棒捧 喜禧 欢吹歡 爱暧愛 美羙 丑扭
贵责貴 便更 宜宣 值植 推椎 荐薦 房仿 间问 问间 干千 净静淨 脏赃 乱辞亂 吵炒 舒抒 适话適 热熱 冷泠 水氺 早旱 餐歺
位住 置直 交郊 加咖 盟萌 投役 资姿 股骰 票漂飘 平坪 台苔 赌堵賭 博搏 彩采 发髮發 办力辦 代伐 开開 兼廉 职只職
日曰 曰日 未末 末未 己已 已己 土士 士土 人入 入人 天夭 夭天 力刀 白自 自白 目日 由甲 甲由 申由甲 王玉 玉王 木本
本木 大太 小少 今令 令今 住往 往住 买卖買 特持 持特 价阶價 格挌 优忧優 惠蕙 打扣 折拆 拆折 抢枪搶 购沟購 送迗
券卷 卷券 商啇 品晶 质贡質 量晕 店占 家傢 电申電屯 话活話 短矮 联朕聯 系糸 请清請 立粒 即既 马吗馬 上丄 回囬
复夏復 登澄 录绿錄 网冈網 址扯 陆绿陸 用甩 户戸戶 名各 身射 份分扮 学學 生牲 工王 作怍 时吋時 看着 着看 脑恼腦
书收書 机几機 声生聲
"""
"""A character, then those that look or sound like it (the old form of many too)."""

_PARTS = """
加力口 林木木 好女子 的白勺 信亻言 她女也 明日月 钱钅戋 银钅艮 行彳亍 江氵工 朋月月 动云力 功工力 现王见 贷代贝
货化贝 贱贝戋 账贝长 购贝勾 赌贝者 财贝才 博十尃 汇氵匚 转车专 证讠正 让讠上 付亻寸 你亻尔 体亻本 价亻介 优亻尤
奶女乃 和禾口 利禾刂 私禾厶
"""
"""A character, then the parts that stand side by side in it."""

MARKS = ("·", "*", ".", "-")
"""Put between two Chinese characters."""


def of_letter(letter: str) -> list[str]:
    """Look-alikes of a Latin letter or a digit; an upper-case letter's are upper-case. Empty where none is known."""
    if letter in _DIGITS:
        return [_DIGITS[letter]]
    small = letter.lower()
    found = [sign for table in (_FIGURES, _CYRILLIC, _ACCENTS) for sign in table.get(small, "")]
    return [sign.upper() for sign in found] if letter.isupper() else found


def of_character(character: str) -> list[str]:
    """What can stand for a Chinese character: one that looks or sounds alike, or its own parts side by side."""
    return [*_SIMILAR.get(character, ()), *_BESIDE.get(character, ())]


def _read(table: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for entry in table.split():
        others = (*found.get(entry[0], ()), *(sign for sign in entry[1:] if sign != entry[0]))
        found[entry[0]] = tuple(dict.fromkeys(others))
    return found


_SIMILAR = _read(_CHINESE)
_BESIDE = {entry[0]: (entry[1:],) for entry in _PARTS.split()}
