"""StarGrammar: adjectives from one star to five, and the patterns in which they stand, in English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass

from engine.data.builtin import grammar_chinese, grammar_english
from engine.data.builtin.grammar import Grammar


@dataclass(frozen=True)
class StarGrammar:
    """`grades` are adjectives from the worst to the best. `own` are the author's judgements, `elsewhere` those that do
    not count; `[square brackets]` enclose the word that decides. All else is that of the reviews (`like`)."""

    like: Grammar
    grades: tuple[tuple[str, ...], ...]
    own: tuple[str, ...]
    elsewhere: tuple[str, ...]


ENGLISH = StarGrammar(
    like=grammar_english.ENGLISH,
    grades=(
        ("terrible", "awful", "dreadful", "horrible", "appalling", "unbearable"),
        ("poor", "weak", "disappointing", "mediocre", "dull", "shabby"),
        ("acceptable", "average", "ordinary", "decent", "passable", "tolerable"),
        ("good", "nice", "pleasant", "solid", "likeable", "enjoyable"),
        ("superb", "brilliant", "perfect", "magnificent", "outstanding", "marvellous"),
    ),
    own=(
        "the {aspect} is [{adjective}]",
        "I found the {aspect} [{adjective}]",
        "all in all it is a [{adjective}] {thing}",
        "I would call the {aspect} [{adjective}]",
        "the {aspect} turned out to be [{adjective}]",
        "to me this {thing} is [{adjective}]",
    ),
    elsewhere=(
        "my {person} calls the {aspect} {adjective}",
        "the {thing} I had before was {adjective}",
        "others write that the {aspect} is {adjective}",
        "I had expected a {adjective} {aspect}",
        "the newspaper wrote of a {adjective} {thing}",
        "its predecessor had a {adjective} {aspect}",
    ),
)
CHINESE = StarGrammar(
    like=grammar_chinese.CHINESE,
    grades=(
        ("糟透了", "极差", "惨不忍睹", "一塌糊涂", "令人崩溃", "烂到家"),
        ("让人失望", "欠佳", "不够好", "有点差", "比较粗糙", "不太行"),
        ("一般", "普通", "还过得去", "中规中矩", "马马虎虎", "不好不坏"),
        ("不错", "挺好", "让人满意", "令人舒服", "比较可靠", "蛮好"),
        ("完美", "惊艳", "无可挑剔", "棒极了", "出类拔萃", "令人惊叹"),
    ),
    own=(
        "{aspect}[{adjective}]",
        "我觉得{aspect}[{adjective}]",
        "总的来说这{thing}[{adjective}]",
        "要我说{aspect}[{adjective}]",
        "用下来{aspect}[{adjective}]",
        "在我看来这{thing}[{adjective}]",
    ),
    elsewhere=(
        "{person}说{aspect}{adjective}",
        "以前那个{thing}{adjective}",
        "别人的评价写着{aspect}{adjective}",
        "我本来以为{aspect}{adjective}",
        "报纸上说这{thing}{adjective}",
        "上一代的{aspect}{adjective}",
    ),
)
