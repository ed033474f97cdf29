"""Encodings: found by the language that they give; what is not certain is said, and a person may name it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.config.data import BuiltinTexts, DataConfig
from engine.config.reading import Reading
from engine.config.tasks.classification import Classification
from engine.data.diagnosis.doctor import diagnose
from engine.data.sources.tables import preview, read_table
from engine.data.splitting.splits import Splits
from engine.errors import InputError

Write = Callable[..., str]
Load = Callable[..., Splits]

TEXTS = {
    "fr": ["Le séjour était très agréable, l'accueil chaleureux", "Déçu par la qualité, à éviter à l'été"],
    "de": ["Das Zimmer war schön und die Küche überzeugt", "Für diesen Preis zu groß gewünscht, fällt durch"],
    "es": ["La habitación está muy bien y el desayuno también", "Qué desilusión, el niño se cayó allí mañana"],
    "pl": ["Bardzo dobry produkt, gorąco polecam każdemu", "Zła jakość, nie działa już po tygodniu, żałuję"],
    "cs": ["Velmi příjemný pobyt, určitě se vrátíme", "Špatná kvalita, žádné peníze zpět, už nikdy"],
    "hu": [
        "Nagyon jó termék, gyorsan megérkezett, köszönöm",
        "Sajnos már az első héten tönkrement, őszintén rossz",
    ],
    "tr": ["Çok beğendim, kargo hızlı geldi, teşekkürler", "Kötü bir ürün, sıkıcı ve pahalı, şikâyetçiyim"],
    "ru": ["Отличный товар, всем советую, быстрая доставка", "Плохое качество, деньги на ветер, очень жаль"],
    "uk": ["Чудовий товар, дуже задоволений, швидка доставка", "Погана якість, не працює, шкода грошей"],
    "el": ["Πολύ καλό προϊόν, το συνιστώ σε όλους", "Κακή ποιότητα, χάλασε την πρώτη εβδομάδα"],
    "he": ["מוצר מצוין, אני ממליץ לכולם", "שירות גרוע, לא עובד, חבל על הכסף"],
    "ar": ["منتج رائع وسريع في التوصيل أنصح به", "جودة سيئة جدا ولا يعمل بعد أسبوع"],
    "lt": ["Labai geras produktas, džiaugiuosi ir rekomenduoju", "Bloga kokybė, neveikia, gaila pinigų, ačiū ne"],
    "th": ["สินค้าดีมาก จัดส่งเร็ว แนะนำเลย", "คุณภาพแย่มาก ใช้ไม่ได้ เสียดายเงิน"],
    "ja": ["とても良い商品です。おすすめします", "品質が悪く、すぐに壊れてしまいました"],
    "ko": ["정말 좋은 제품입니다 배송도 빠르고 추천합니다", "품질이 너무 나쁘고 돈이 아깝습니다"],
    "zh": ["这家酒店的服务非常好，房间也很干净", "质量太差了，用了一个星期就坏了"],
    "zh-hant": ["這家飯店的服務非常好，房間也很乾淨", "品質太差了，用了一個星期就壞了"],
}
WRITTEN = {
    "fr": "cp1252 latin-1 mac-roman",
    "de": "cp1252 cp850",
    "es": "cp1252",
    "pl": "cp1250 iso8859-2",
    "cs": "cp1250 iso8859-2 cp852",
    "hu": "cp1250",
    "tr": "cp1254 iso8859-9 utf-16-be",
    "ru": "cp1251 koi8-r iso8859-5 cp866 utf-16",
    "uk": "cp1251 koi8-u",
    "el": "cp1253 iso8859-7 utf-32",
    "he": "cp1255",
    "ar": "cp1256",
    "lt": "cp1257 iso8859-13",
    "th": "cp874 utf-8",
    "ja": "shift_jis euc_jp iso2022_jp",
    "ko": "euc_kr utf-32-le",
    "zh-hant": "big5",
    "zh": "gb18030 gbk utf-16-le",
}


def rows_of(language: str) -> list[tuple[str, str]]:
    """Sentences put together anew from the words of the two, so that no row is like another."""
    good, bad = (one.split() for one in TEXTS[language])
    return [
        (" ".join((good, bad)[n % 2][place:] + (good, bad)[n % 2][:place]) + f" {n}", ("pos", "neg")[n % 2])
        for n in range(24)
        for place in [n % len((good, bad)[n % 2])]
    ]


def content_of(rows: list[tuple[str, str]]) -> str:
    return "text,label\n" + "".join(f'"{text}",{label}\n' for text, label in rows)


def odd(word: bytes) -> bytes:
    return b"text,label\n" + b"".join(b"%s %d,%s\n" % (word, n, (b"a", b"b")[n % 2]) for n in range(12))


def severities(data: DataConfig) -> list[str]:
    findings = diagnose(data, Classification(), 0).findings
    return [one.severity for one in findings if one.kind == "encoding_doubt"]


@pytest.mark.parametrize(
    ("encoding", "language"), [(one, language) for language, names in WRITTEN.items() for one in names.split()]
)
def test_old_encodings(write: Write, encoding: str, language: str) -> None:
    rows = [(text.encode(encoding, "ignore").decode(encoding), label) for text, label in rows_of(language)]
    table = read_table(write("a.csv", content_of(rows), encoding), BuiltinTexts())
    assert list(zip(table.dataset["text"], table.dataset["label"], strict=True)) == rows


ODD_BYTES = ("ÿ", "Ðð", "¤¶", "ýþ þý")
OLD = ("cp1252", "cp1250", "cp1251", "cp1254", "koi8-r", "cp1257", "iso8859-2", "cp850")


@pytest.mark.parametrize(("word", "encoding"), list(zip(ODD_BYTES * 2, OLD, strict=True)))
def test_a_few_odd_bytes_are_doubted_or_right(write: Write, encoding: str, word: str) -> None:
    assert_doubted_or_right(write, encoding, word)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", OLD)
@pytest.mark.parametrize("word", ODD_BYTES)
def test_any_odd_bytes_are_doubted_or_right(write: Write, encoding: str, word: str) -> None:
    assert_doubted_or_right(write, encoding, word)


def assert_doubted_or_right(write: Write, encoding: str, word: str) -> None:
    """So little tells nothing: either it is what was meant, or it is said that it may be another encoding."""
    meant = word.encode("latin-1").decode(encoding, errors="replace")
    content = b"text,label\n" + b"".join(
        b"%s %d,%s\n" % (word.encode("latin-1"), n, b"ab"[n % 2 : n % 2 + 1]) for n in range(9)
    )
    shown = preview(write("a.csv", content), BuiltinTexts())
    assert shown.doubts or shown.rows[0][0] == f"{meant} 0"
    if shown.doubts:
        assert "data.reading.encoding" in shown.doubts[0].english()


def test_a_doubt_is_a_finding_and_a_name_ends_it(write: Write) -> None:
    content = b"text,label\n" + b"".join(b"\xfd\xfe %d,%s\n" % (n, b"ab"[n % 2 : n % 2 + 1]) for n in range(12))
    path = write("a.csv", content)
    found = [
        one for one in diagnose(DataConfig(train=path), Classification(), 0).findings if one.kind == "encoding_doubt"
    ]
    assert [one.severity for one in found] == ["warning"]
    named = DataConfig(train=path, reading=Reading(encoding="cp1254"))
    assert not [one for one in diagnose(named, Classification(), 0).findings if one.kind == "encoding_doubt"]
    assert preview(path, BuiltinTexts(), reading=named.reading).rows[0][0] == "ış 0"


def test_two_files_in_two_encodings(write: Write, load: Load) -> None:
    rows = rows_of("tr")
    splits = load(
        train=write("train.csv", content_of(rows), "cp1254"), test=write("test.csv", content_of(rows[:6]), "utf-8")
    ).splits
    texts = {text for text, _ in rows}
    assert set(splits["train"]["text"]) | set(splits["validation"]["text"]) == texts
    assert splits["test"]["text"][:] == [text for text, _ in rows[:6]]


def test_a_named_encoding_spares_files_that_surely_are_utf8(write: Write, load: Load) -> None:
    rows = rows_of("tr")
    splits = load(
        train=write("train.csv", content_of(rows), "cp1254"),
        test=write("test.csv", content_of(rows[:6]), "utf-8"),
        reading={"encoding": "cp1254"},
    )
    assert splits.splits["test"]["text"][:] == [text for text, _ in rows[:6]]
    assert any("surely" in note.english() for note in splits.notes)


def test_a_named_encoding_that_cannot_be_right(write: Write) -> None:
    path = write("a.csv", content_of(rows_of("ru")), "cp1251")
    with pytest.raises(InputError, match="not written in utf-8"):
        preview(path, BuiltinTexts(), reading=Reading(encoding="utf-8"))


def test_one_line_of_another_encoding(write: Write) -> None:
    rows = [*rows_of("fr"), ("déjà vu à Noël", "neg")]
    first, last = (
        content_of(rows[:-1]).encode("utf-8"),
        content_of(rows[-1:]).removeprefix("text,label\n").encode("cp1252"),
    )
    shown = preview(write("a.csv", first + last), BuiltinTexts())
    assert [row[0] for row in shown.rows] == [text for text, _ in rows]
    assert "Windows-1252" in shown.doubts[0].english()


def test_english_with_a_pound_sign_is_not_doubted(write: Write) -> None:
    content = "text,label\n" + "".join(f"only £{n} for “all” of it – really,{'ab'[n % 2]}\n" for n in range(20))
    shown = preview(write("a.csv", content, "cp1252"), BuiltinTexts())
    assert shown.rows[5][0] == "only £5 for “all” of it – really" and not shown.doubts


def test_one_sign_alone_is_not_doubted(write: Write) -> None:
    content = "text,label\n" + "".join(f"number {n} was only £5,{'ab'[n % 2]}\n" for n in range(20))
    shown = preview(write("a.csv", content, "cp1252"), BuiltinTexts())
    assert shown.rows[5][0] == "number 5 was only £5" and not shown.doubts


@pytest.mark.parametrize("wanted", ["utf-16", "utf-16-le"])
def test_sixteen_bits_without_a_mark_are_read_as_a_person_says(tmp_path: Path, wanted: str) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes("text,label\ncafé au lait,a\nthé vert,b\n".encode("utf-16-le"))
    found = preview(str(path), BuiltinTexts(), reading=Reading(encoding=wanted))
    assert found.rows == (("café au lait", "a"), ("thé vert", "b"))


def test_what_is_no_sixteen_bits_is_not_read_so(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("text,label\nplain words,a\nmore of them,b\n", encoding="utf-8")
    found = preview(str(path), BuiltinTexts(), reading=Reading(encoding="utf-16"))
    assert found.rows == (("plain words", "a"), ("more of them", "b")) and found.doubts
