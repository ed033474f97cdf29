"""Numbers as people read them, in both languages."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.numbers import NOTHING, clock, duration, file_size, number, percent, short_number, when
from studio.translation import set_language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("en")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234, "1,234"),
        (0.03125, "0.03125"),
        (12345.6, "12,346"),
        (3e-5, "3e-05"),
        (math.nan, NOTHING),
        (math.inf, NOTHING),
    ],
)
def test_number(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(950, "950"), (9_999, "9,999"), (12_000, "12 k"), (22_700_000, "22.7 M"), (1.5e9, "1.5 G")]
)
def test_short_number(value: float, shown: str) -> None:
    assert short_number(value) == shown


def test_percent_has_a_space_only_in_english() -> None:
    assert percent(0.914) == "91.4 %"
    assert percent(0.5, 0) == "50 %"
    set_language("zh")
    assert percent(0.914) == "91.4%"


def test_percent_of_nothing() -> None:
    assert percent(math.nan) == NOTHING


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.2, "1 s"),
        (59, "59 s"),
        (59.9, "about 1 min"),
        (540, "about 9 min"),
        (3600, "about 1 h"),
        (7800, "about 2 h 10 min"),
        (36_000 + 1900, "about 11 h"),
        (math.nan, NOTHING),
        (-1, NOTHING),
    ],
)
def test_duration(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


@given(st.floats(min_value=0, max_value=1e6))
def test_duration_never_says_sixty_minutes(seconds: float) -> None:
    assert "60 min" not in duration(seconds)
    assert not duration(seconds).startswith("60 s")


@pytest.mark.parametrize(
    ("num_bytes", "shown"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KB"), (39.8 * 1024**2, "39.8 MB"), (200 * 1024**3, "200 GB")],
)
def test_file_size(num_bytes: float, shown: str) -> None:
    assert file_size(num_bytes) == shown


def test_when() -> None:
    noon = datetime.now().replace(hour=12, minute=0, second=0, microsecond=0)
    assert when(time.time()) == "now"
    assert when((noon - timedelta(days=1)).timestamp()) == "yesterday"
    assert when(datetime(2019, 5, 14, 9).timestamp()) == "14 May 2019"
    set_language("zh")
    assert when(datetime(2019, 5, 14, 9).timestamp()) == "2019年5月14日"


def test_when_today_has_a_clock() -> None:
    now = datetime.now()
    earlier = now - timedelta(minutes=5)
    expected = f"today, {earlier:%H:%M}" if earlier.date() == now.date() else "yesterday"
    assert when(earlier.timestamp()) == expected


def test_clock() -> None:
    assert clock(datetime(2024, 1, 1, 14, 38, 6).timestamp()) == "14:38:06"
