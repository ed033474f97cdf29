"""Words that can stand for each other, written by hand: English and Chinese, with the spellings of messages."""

from __future__ import annotations

_ENGLISH = """
free|complimentary|at no cost|for nothing
win|gain|get|score
won|gained|scored
winner|champion
prize|award|reward|trophy
prizes|awards|rewards
reward|prize|bonus
awarded|given|granted
selected|chosen|picked
chosen|selected|picked
claim|collect|get hold of
cash|money|dosh|funds
money|cash|funds|dough
pounds|quid
offer|deal|proposal
offers|deals
guaranteed|assured|certain|promised
urgent|pressing|important
urgently|quickly|at once
immediately|at once|right away|instantly
now|at once|right now|nw
today|2day|this day
tonight|2nite|this evening
tomorrow|tmrw|the next day|2moro
call|ring|phone|dial
calls|rings|phone calls
called|rang|phoned
calling|ringing|phoning
phone|telephone|handset|fone
mobile|cellphone|handset|cell
text|txt|message|write to
texts|txts|messages
message|msg|note|text
messages|msgs|notes
txt|text|msg
reply|answer|respond|write back
send|transmit|pass|snd
sent|transmitted|passed
stop|end|halt|quit
get|obtain|receive|gt
receive|get|obtain
received|got|obtained
customer|client|patron
customers|clients
service|svc|support
account|acct|a/c
bank|lender
card|crd|plastic card
number|no.|nr|digits
code|cd|key
pin|secret number
password|passcode|secret word
details|particulars|info
information|info|particulars
verify|confirm|check
confirm|verify|affirm
update|renew|refresh
blocked|locked|frozen
expire|run out|lapse
expires|runs out|lapses
contact|reach|get in touch with
please|pls|kindly|plz
thanks|thank you|thx|ta
thank|thnk
you|u|ya
your|ur|yr
are|r
be|b
for|4
to|2
because|cos|since|cuz
before|b4
great|grand|super|excellent|gr8
good|fine|decent|gud
nice|pleasant|lovely
excellent|superb|outstanding|first-rate
wonderful|marvellous|fantastic|delightful
fantastic|terrific|marvellous
amazing|astonishing|astounding
perfect|flawless|faultless
best|finest|top
love|adore|luv
loved|adored
liked|enjoyed
happy|glad|pleased|content
beautiful|lovely|gorgeous
brilliant|splendid|superb
funny|amusing|hilarious
interesting|intriguing|absorbing
recommend|suggest|advise
bad|poor|lousy
poor|bad|weak
terrible|awful|dreadful|horrible
awful|terrible|dreadful
horrible|dreadful|awful
worst|poorest
boring|dull|tedious|tiresome
dull|boring|dreary
stupid|silly|dumb|foolish
waste|squandering|loss
disappointing|unsatisfying|a letdown
disappointed|let down|dissatisfied
hate|detest|loathe
hated|detested|loathed
broken|faulty|damaged
broke|failed|gave out
dirty|filthy|unclean
clean|spotless|tidy
rude|impolite|unfriendly
friendly|kind|warm
helpful|obliging|useful
useless|worthless|of no use
expensive|costly|pricey|dear
slow|sluggish|unhurried
fast|quick|speedy|swift
quick|fast|speedy
late|delayed|overdue
early|ahead of time
easy|simple|effortless
difficult|hard|tricky
big|large|huge
small|little|tiny
old|aged
new|brand-new|fresh
movie|film|picture
movies|films|pictures
film|movie|picture
story|tale|plot
plot|story
actor|performer
actors|performers|cast
acting|performing
watch|view|see
watched|viewed|saw
music|soundtrack|tunes
room|chamber
staff|team|crew
food|meals|fare
meal|dish
place|spot|location
hotel|inn|lodging
delivery|shipping|shipment
arrived|came|got here
package|parcel|packet
parcel|package|packet
buy|purchase|get
bought|purchased|got
price|cost|fee
cost|price
pay|settle
problem|issue|trouble
problems|issues|troubles
start|begin|commence
started|began
end|finish|close
ending|finale|close
think|believe|reckon|thnk
thought|believed|reckoned
know|kno
need|require|want
want|wish|wanna
going|goin|heading
go|head
come|cum|get here
home|house|hme
work|wrk|job
friend|pal|mate|buddy
friends|pals|mates
people|folks|persons|ppl
man|guy|bloke
woman|lady
child|kid
children|kids
night|nite|evening
week|wk
weekly|each week|wkly
month|mth
minutes|mins
hour|hr
dear|beloved|dr
hello|hi|hiya
hi|hello|hiya|hey
sorry|apologies|sry
ok|okay|alright
yes|yep|yeah
very|really|extremely|truly
really|truly|genuinely
maybe|perhaps|possibly
also|too|as well
about|abt|concerning
with|wid|w/
and|&|n
this|dis
that|dat
the|da|d
have|hav|hv
what|wat|wot
when|wen
can|could
will|shall
don't|dont|do not
can't|cannot|cant
won't|will not
it's|its|it is
i'm|im|i am
i'll|i will
you're|youre|you are
"""
_CHINESE = """
免费|不要钱|不收费|零费用
中奖|获奖|得奖
奖金|奖励金|奖赏
奖品|礼品|奖励
恭喜|祝贺|贺喜
领取|领走|拿取
点击|点开|点一下
链接|网址|连结
立即|马上|立刻|即刻
马上|立刻|立即
尽快|早点|赶快
账户|账号|户头
银行卡|卡|储蓄卡
密码|口令
验证码|校验码|确认码
转账|汇款|打款
汇款|转账|打款
贷款|借款|借贷
额度|限额
利息|息费
投资|理财
收益|回报|盈利
赚钱|挣钱|盈利
优惠|折扣|实惠
红包|礼金
客服|客户服务|服务人员
联系|联络|找
电话|来电|手机号
手机|移动电话
短信|信息|消息
回复|答复|回
通知|告知|提醒
冻结|锁定|停用
异常|不正常
公安局|警察局|公安机关
法院|法庭
退款|退钱|返款
快递|包裹|速递
订单|单子
兼职|副业|零工
加微信|加我微信|添加微信
很好|挺好|不错|蛮好
非常好|特别好|极好
不错|挺好|还行
喜欢|喜爱|中意
满意|称心|合意
推荐|建议|安利
舒服|舒适|惬意
干净|整洁|清洁
漂亮|好看|美观
便宜|实惠
方便|便利
热情|亲切|周到
好吃|美味|可口
精彩|出色|精妙
好看|漂亮|精彩
很差|挺差|差劲
太差|差劲|极差
差劲|糟糕|很差
失望|扫兴|灰心
糟糕|差劲|很坏
垃圾|破烂|差劲
难吃|不好吃
很脏|不干净|挺脏
肮脏|不干净|邋遢
太贵|价格高|昂贵
无聊|乏味|没意思
嘈杂|吵闹|喧闹
服务员|服务人员|店员
服务|招待
酒店|宾馆|旅馆
宾馆|酒店|旅馆
房间|客房|屋子
早餐|早饭|早点
电脑|计算机|机器
速度|速率
质量|品质
价格|价钱|价位
购买|入手|买下
内容|内文
作者|写书的人
觉得|感觉|认为
感觉|觉得
朋友|友人
今天|今日
明天|明日
晚上|夜里|晚间
现在|眼下|目前
非常|特别|十分|相当
特别|非常|格外
比较|相对|较为
有点|有些|稍微
但是|不过|可是
因为|由于
所以|因此
如果|要是|假如
"""

FILLERS = ("well", "so", "ok", "oh", "anyway", "basically", "actually", "just", "you know", "i mean", "hmm", "right")
FILLERS_CHINESE = ("嗯", "那个", "话说", "就是说", "其实", "哦", "然后呢", "这个")
"""Words that say nothing of their own."""

_FUNCTION = """
a an the of at in on by is was as it that this so too then there here am been being 的 了 呢 吧 啊 嘛 呀 地
"""
_NEGATIONS = """
not no nor never none nothing nobody neither nowhere without hardly barely cannot dont cant wont isnt wasnt didnt
不 没 无 非 未 别 莫 勿 否
"""


def is_function_word(word: str) -> bool:
    """Whether a text without the (lower-case) word, or with it twice, says the same."""
    return word in _FUNCTION_WORDS


def is_negation(word: str) -> bool:
    """Whether the (lower-case) word turns what follows round."""
    return word in _NEGATING or word.replace("’", "'").endswith("n't")


def synonyms(word: str) -> tuple[str, ...]:
    """What can stand for a lower-case word; none where the list does not know it."""
    return _ALL.get(word, ())


def _read(table: str) -> dict[str, tuple[str, ...]]:
    lines = (line.split("|") for line in table.strip().splitlines())
    return {word: tuple(others) for word, *others in lines}


_FUNCTION_WORDS = frozenset(_FUNCTION.split())
_NEGATING = frozenset(_NEGATIONS.split())
_ALL = _read(_ENGLISH) | _read(_CHINESE)
PHRASES = frozenset(_read(_CHINESE))
"""The Chinese words of the list: a text is cut into them before it is cut into characters."""
