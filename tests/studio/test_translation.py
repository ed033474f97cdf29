"""Every word that a person can see has its Chinese, with the same fields, and no translation is left over."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from engine.config.run import RunConfig, from_yaml
from engine.messages import Message, fill, message
from engine.resources import resource
from studio.translation import language, set_language, tr, translations, words

ROOT = Path(__file__).resolve().parents[2]
CALLS = ("tr", "message", "Message")
DEFINED_IN = ("engine/messages.py", "studio/translation.py")
MARKER = "# words"


@cache
def sources() -> list[tuple[str, ast.Call, list[str]]]:
    """[(file, a call that says something, the file's lines)]"""
    found = []
    for path in sorted([*(ROOT / "engine").rglob("*.py"), *(ROOT / "studio").rglob("*.py")]):
        name = path.relative_to(ROOT).as_posix()
        if name in DEFINED_IN:
            continue
        text = path.read_text(encoding="utf-8")
        if not any(f"{call}(" in text for call in CALLS):
            continue
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                found.append((name, node, lines))
    return found


def literal(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def is_marked(call: ast.Call, lines: list[str]) -> bool:
    return any(MARKER in line for line in lines[call.lineno - 1 : (call.end_lineno or call.lineno) + 1])


def said_in_code() -> dict[str, str]:
    """{template: a file that says it}"""
    found = {}
    for name, call, _ in sources():
        template = literal(call)
        if template is not None:
            found[template] = name
    return found


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for info in annotation.model_fields.values():
            yield from models(info.annotation)
        return
    for inner in get_args(annotation):
        yield from models(inner)


def said_in_config() -> dict[str, str]:
    found = {}
    for model in set(models(RunConfig)):
        place = f"engine.config: {model.__name__}"
        found[str(model.model_config.get("title") or model.__name__)] = place
        found[(model.__doc__ or "").strip().splitlines()[0]] = place
        for info in model.model_fields.values():
            extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
            titles: Any = extra.get("words") or {}
            for text in (info.title, info.description, *titles.values()):
                if text:
                    found[text] = place
    return found


def said_in_recipes() -> dict[str, str]:
    configs = {path.name: from_yaml(path) for path in resource("recipes").glob("*.yaml")}
    return {text: name for name, config in configs.items() for text in (config.title, config.description)}


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def has_words(template: str) -> bool:
    """Whether something is left to translate beside the fields."""
    parts = string.Formatter().parse(template)
    return any(text.strip(" .,:;|·/()–-+×=%“”…\n") or (spec or "").startswith("plural") for text, _, spec, _ in parts)


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    return said_in_config() | said_in_recipes() | said_in_code()


@pytest.fixture(scope="module", autouse=True)
def trees_are_forgotten() -> Iterator[None]:
    """Else every collection of cycles would go through them."""
    yield
    sources.cache_clear()


@pytest.fixture
def chinese() -> Iterator[None]:
    before = language()
    set_language("zh")
    yield
    set_language(before)


def test_templates_are_literals() -> None:
    wrong = [
        f"{name}:{call.lineno}"
        for name, call, lines in sources()
        if literal(call) is None and not is_marked(call, lines)
    ]
    assert not wrong, "a template must be a literal, or its line must say `# words: …` where it is listed"


def test_templates_can_be_filled(said: dict[str, str]) -> None:
    wrong = []
    for template, place in said.items():
        try:
            fields(template)
        except ValueError as error:
            wrong.append(f"{place}: {template!r}: {error}")
    assert not wrong


def test_every_word_has_its_chinese(said: dict[str, str]) -> None:
    known = translations("zh")
    missing = sorted(f"{place}: {text}" for text, place in said.items() if has_words(text) and text not in known)
    assert not missing, "\n" + "\n".join(missing)


def test_translations_have_the_same_fields() -> None:
    wrong = [text for text, chinese in translations("zh").items() if fields(text) != fields(chinese)]
    assert not wrong


def test_no_translation_is_left_over(said: dict[str, str]) -> None:
    left = sorted(set(translations("zh")) - set(said))
    assert not left, "\n" + "\n".join(left)


def test_rooms_agree() -> None:
    """Two rooms may use one English word only with one Chinese word for it."""
    seen: dict[str, tuple[str, str]] = {}
    quarrels = []
    for path in sorted(resource("translations", "zh_CN").glob("*.json")):
        for text, chinese in json.loads(path.read_text(encoding="utf-8")).items():
            before = seen.setdefault(text, (path.name, chinese))
            if before[1] != chinese:
                quarrels.append(f"{text}: {before[1]} ({before[0]}), {chinese} ({path.name})")
    assert not quarrels, "\n".join(quarrels)


def test_english_fills_values() -> None:
    set_language("en")
    assert tr("{count:plural:run:runs} in {name}", count=1, name="x") == "1 run in x"
    assert tr("{count:plural:run:runs} in {name}", count=1200, name="x") == "1,200 runs in x"


@pytest.mark.usefixtures("chinese")
def test_messages_inside_messages_are_translated() -> None:
    inner = message("precision")
    assert words(inner) == translations("zh")["precision"]
    assert words(Message("{metric}!", {"metric": inner})) == translations("zh")["precision"] + "!"


@pytest.mark.usefixtures("chinese")
def test_unknown_template_stays_english() -> None:
    assert tr("a sentence that nobody translated, {count:plural:row:rows}", count=2).endswith("2 rows")


def test_system_language_is_one_of_ours() -> None:
    set_language("system")
    assert language() in ("en", "zh")
    set_language("en")


@pytest.mark.usefixtures("chinese")
def test_lists_are_written_as_the_language_does() -> None:
    assert words(Message("{labels}!", {"labels": ["好", "坏"]})) == "好、坏!"


def test_fill_puts_plural_into_chinese() -> None:
    assert fill("{count} 行", {"count": 1200}) == "1,200 行"
