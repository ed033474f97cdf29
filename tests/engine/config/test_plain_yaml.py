"""A file of settings is bounded before it is built, and says what is wrong with it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from engine.config.run import RunConfig, from_yaml
from engine.errors import InputError

LAUGH = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
FILES: list[tuple[str | bytes, str]] = [
    (LAUGH + "title: *a11\n", "more than 20,000 values, written out"),
    ("data: &d {columns: *d}\n", "or to itself"),
    ("title: *nope\n", "refers to what is not there"),
    ("data: " + "{a: " * 900 + "1" + "}" * 900, "nested more than 40 deep"),
    ("data: " + "[" * 50_000, "not valid YAML"),
    ("seed: " + "9" * 10_000, "A number has 10,000 digits"),
    ("seed: 0x" + "f" * 100_000, "A number has"),
    ("seed: " + "1:" * 3000 + "1", "A number has"),
    ("seed: 2024-99-99", "does not fit"),
    ("seed: 1e999", "does not fit"),
    ("title: !!python/object/apply:os.system ['true']", "not valid YAML"),
    ("title: \x00", "not valid YAML"),
    ("title: a\n" * 200_000, "more than 20,000 values"),
    ("title: " + "a" * 2**23, "larger than 4 MB"),
    (b"title: \xff", "not valid YAML"),
    ("~: 1\n", "does not fit"),
    ("- 1\n", "holds no settings"),
]


@pytest.mark.parametrize(("content", "words"), FILES, ids=range(len(FILES)))
def test_what_no_settings_are(content: str | bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    began = time.monotonic()
    with pytest.raises(InputError, match=words) as caught:
        from_yaml(file)
    assert time.monotonic() - began < 5
    assert str(file) in caught.value.where.english() and caught.value.mend.english()


def test_what_is_no_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.yaml"):
        with pytest.raises(InputError):
            from_yaml(path)


def test_plain_references_and_words_stay(tmp_path: Path) -> None:
    """A day is a word, as it was written; so is what only begins like a number."""
    file = tmp_path / "config.yaml"
    digest = "3" * 32 + "abcdef" * 4
    file.write_text(
        f"\ufefftitle: &name 2024-01-31\ndescription: *name\ndata: {{train: {digest}.csv}}\n", encoding="utf-8"
    )
    found = from_yaml(file)
    assert (found.title, found.description, found.data.train) == ("2024-01-31", "2024-01-31", f"{digest}.csv")
    file.write_text(RunConfig(title="2024-01-31").to_yaml(), encoding="utf-8")
    assert from_yaml(file) == RunConfig(title="2024-01-31")
