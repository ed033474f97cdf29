"""How files are read, as a person may write it: in YAML, on the command line, in the window."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from engine.config.data import DataConfig
from engine.config.reading import Reading
from engine.config.run import RunConfig
from engine.errors import InputError


@pytest.mark.parametrize(
    ("written", "kept"), [(True, "yes"), (False, "no"), ("NO", "no"), (3, "3"), ("12", "12"), ("auto", "auto")]
)
def test_a_header_is_yes_no_or_a_line(written: Any, kept: str) -> None:
    assert Reading(header=written).header == kept


@pytest.mark.parametrize(
    ("written", "kept"), [(";", "semicolon"), ("\t", "tab"), ("\\t", "tab"), ("Comma", "comma"), ("^", "^"), (" ", " ")]
)
def test_a_delimiter_is_named_or_written_as_itself(written: str, kept: str) -> None:
    assert Reading(delimiter=written).delimiter == kept


@pytest.mark.parametrize(
    ("written", "kept"), [("UTF8", "utf-8"), ("windows-1254", "cp1254"), ("utf-16", "utf-16"), ("Auto", "auto")]
)
def test_an_encoding_goes_by_its_usual_name(written: str, kept: str) -> None:
    assert Reading(encoding=written).encoding == kept


@pytest.mark.parametrize(
    "wrong",
    [
        *({"header": value} for value in ("0", "-1", "first")),
        *({"delimiter": value} for value in ("a", "::", '"', "\n")),
        *({"encoding": value} for value in ("nonsense", "zip", "rot13", "hex", "idna", "unicode_escape")),
        {"quoting": "single"},
        {"decimal": ";"},
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Reading(**wrong)


def test_the_command_line_sets_one_and_leaves_the_rest() -> None:
    config = RunConfig().with_values({"data.reading.header": False, "data.reading.encoding": "cp1251"})
    assert config.data.reading == Reading(header="no", encoding="cp1251")
    with pytest.raises(InputError, match=r"auto.*comma"):
        RunConfig().with_values({"data.reading.delimiter": "::"})


def test_files_of_before_open() -> None:
    tree = DataConfig().model_dump(mode="json")
    del tree["reading"]
    assert DataConfig.model_validate(tree) == DataConfig()
