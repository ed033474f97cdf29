"""How well a text reads as some language: by the letters that follow one another in its words."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from engine.resources import resource

PAIRS = resource("languages", "letter_pairs.json")
"""{language: {letter: [its followers whose share is e^-0, e^-1, … e^-7]}}; "_" is the edge of a word. Counted in the
translations of free software."""

_UNSEEN, _STRANGE, _MIDDLE_CAPITAL = -9.0, -13.0, -5.0
_USUAL_SIGN, _RARE_SIGN, _BROKEN, _WITHIN_WORD = -4.5, -10.0, -16.0, -5.0
_USUAL_SIGNS = frozenset("€£§©®°²³¡¿«»‘’‚“”„–—…•·™½¼\xa0±×№、。，！？：；「」『』（）《》〈〉【】～％・ー\u200b")
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200c"
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}])*")
_SAME = str.maketrans("șțȘȚیکİ", "şţŞŢيكi")
"""Letters that old encodings do not tell apart, as one."""

_HANZI = frozenset(
    "的一是不了在人有我他这中大来上个国和也子时道说为地出要就可以会对生自那得里后下过家学你么都能好小多然于心着没天起还"
    "发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点"
    "月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北"
    "少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常"
    "提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请"
    "交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七"
    "必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研"
    "像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏酒店服务差推荐质"
)
_HANZI_OLD = frozenset(
    "的一是不了在人有我他這中大來上個國和也子時道說為地出要就可以會對生自那得裡後下過家學你麼都能好小多然於心著沒天起還"
    "發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點"
    "月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北"
    "少關並內加化由卻代軍產入先山五太水萬市眼體別處總才場師書比住員九笑性通目華報立馬命張活難神數件安表原車白應路期叫死常"
    "提感金何更反合放做系計或司利受光王果親界及今京務制解各任至清物臺象記邊共風戰乾接它許八特覺望直服毛林題建南度統色字請"
    "交愛讓認算論百吃義科怎元社術結六功指思非流每青管夫連遠資隊跟帶花快條院變聯言權往展該領傳近留紅治決周保達辦運武半候七"
    "壞差質推薦間廳飯餐雖單據導影失拿網香似專石若弟誰校讀志飛觀爭究包組造落視濟喜離電腦請問謝買賣價錢"
)
_HANGUL = frozenset(
    "이다는을가의에고하지로은기사도한를대리자어스인시서나그정라아있보해수전구제일들상원부만년장으과주와여동조비치국세마성기유선소"
    "신공관계미내경게물러우안면모무트까되음실하없았었했니습요네거것같너무좋아별로배송빠르품맛친절진오중히된점생각때바디터말더분"
)


@lru_cache(maxsize=1)
def _models() -> dict[str, dict[str, dict[str, float]]]:
    trees = json.loads(PAIRS.read_text(encoding="utf-8"))
    return {
        language: {
            first: {second: -float(place) for place, followers in enumerate(shares) for second in followers}
            for first, shares in tree.items()
        }
        for language, tree in trees.items()
    }


def score(words: Sequence[str], languages: Sequence[str]) -> float:
    """How likely the words are, as a logarithm, each in the one of the languages that fits it best; `words` are what
    stands between spaces."""
    return sum(max(_of_word(word, language) for language in languages) for word in words)


def is_usual_sign(sign: str) -> bool:
    """Whether a character is ASCII, or one of the signs that texts of all languages have."""
    return sign.isascii() or sign in _USUAL_SIGNS


@lru_cache(maxsize=100_000)
def _of_word(word: str, language: str) -> float:
    plain = unicodedata.normalize("NFC", word)
    found, end = 0.0, 0
    for match in _WORD.finditer(plain):
        is_within = end > 0 and match.start() - end == 1 and not plain[end].isascii()
        beside_digit = (
            plain[match.start() - 1 : match.start()].isdigit() or plain[match.end() : match.end() + 1].isdigit()
        )
        found += _of_letters(match.group(), language) + (is_within + beside_digit) * _WITHIN_WORD
        end = match.end()
    return found + sum(map(_of_sign, _WORD.sub("", plain)))


def _of_letters(word: str, language: str) -> float:
    if language in ("zh", "zh-hant", "ja", "ko"):
        return sum(_of_character(character, language) for character in word)
    model = _models()[language]
    small = word.translate(_SAME).lower()
    found = sum(_of_pair(first, second, model) for first, second in zip(f"_{small}", f"{small}_", strict=True))
    inner = sum(before.islower() and after.isupper() for before, after in itertools.pairwise(word))
    return found + inner * _MIDDLE_CAPITAL


def _of_pair(first: str, second: str, model: Mapping[str, Mapping[str, float]]) -> float:
    share = model.get(first, {}).get(second)
    if share is not None:
        return share
    return _UNSEEN if second in model and first in model else _STRANGE


def _of_sign(sign: str) -> float:
    if sign.isascii():
        return 0.0
    if sign == "\ufffd":
        return _BROKEN
    if sign in _USUAL_SIGNS:
        return _USUAL_SIGN
    return _BROKEN if unicodedata.category(sign) in ("Cc", "Cn", "Co") else _RARE_SIGN


def _of_character(character: str, language: str) -> float:
    """Of writings with thousands of signs: the usual ones, those of the writing, those of another one."""
    if character.isascii():
        return -6.0
    if language == "ko":
        usual, own = character in _HANGUL, "가" <= character <= "힣"
    elif language == "ja":
        usual, own = "ぁ" <= character <= "ヿ", "一" <= character <= "龥"
    else:
        usual = character in (_HANZI if language == "zh" else _HANZI_OLD)
        own = "一" <= character <= "龥"
    return -4.5 if usual else -9.0 if own else -14.0
