"""Numbers as people read them: shares, times, sizes and dates, each with its unit, in the language that is shown."""

from __future__ import annotations

import math
import time
from datetime import date, datetime, timedelta

from PySide6.QtCore import QDate, QLocale

from studio.translation import language, tr

NOTHING = "–"
_UNITS = ("B", "KB", "MB", "GB", "TB")


def number(value: float) -> str:
    """`1,234`, `0.0312`, `3e-05`; a dash for what is not a number."""
    if not math.isfinite(value):
        return NOTHING
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def figure(value: float) -> str:
    """A number of a scale: three significant figures are enough to see how far off it is."""
    if not math.isfinite(value):
        return NOTHING
    return number(float(f"{value:.3g}")) if abs(value) < 1000 else number(round(value))


def short_number(value: float) -> str:
    """A count in few signs: `950`, `12 k`, `22.7 M`."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            scale = 1e3 if unit == "k" else size
            return f"{value / scale:.3g} {unit}"
    return number(round(value))


def percent(share: float, digits: int = 1) -> str:
    """`91.4 %` of .914, without the space in Chinese; a dash for what is not a number."""
    if not math.isfinite(share):
        return NOTHING
    space = "" if language() == "zh" else " "
    return f"{100 * share:.{digits}f}{space}%"


def share_interval(share: float, half_width: float, digits: int = 1) -> str:
    """`± 1.4` in points; where that would pass 0 or 100 %, the ends as they can be: `97.2 to 100`. Empty for none."""
    if not (math.isfinite(share) and math.isfinite(half_width)):
        return ""
    low, high = share - half_width, share + half_width
    if low >= 0.0 and high <= 1.0:
        return f"± {100 * half_width:.{digits}f}"
    ends = (f"{100 * min(1.0, max(0.0, end)):.{digits}f}".replace("100.0", "100") for end in (low, high))
    return tr("{low} to {high}", **dict(zip(("low", "high"), ends, strict=True)))


def likelihood(probability: float) -> str:
    """A probability in whole percent that is never rounded to certainty."""
    if probability < 1.0 and round(100 * probability) == 100:
        return "> " + percent(0.99, 0)
    if probability > 0.0 and round(100 * probability) == 0:
        return "< " + percent(0.01, 0)
    return percent(probability, 0)


def duration(seconds: float) -> str:
    """`12 s`, `about 9 min`, `about 2 h 10 min`; a dash for what is not a number."""
    if not math.isfinite(seconds) or seconds < 0:
        return NOTHING
    if seconds < 59.5:
        return tr("{seconds} s", seconds=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("about {minutes} min", minutes=minutes)
    hours, minutes = divmod(5 * round(minutes / 5), 60)
    if minutes == 0 or hours >= 10:
        return tr("about {hours} h", hours=hours + (minutes >= 30))
    return tr("about {hours} h {minutes} min", hours=hours, minutes=minutes)


def file_size(num_bytes: float) -> str:
    """`39.8 MB`, counted in powers of 1024 as memory is."""
    size, unit = float(num_bytes), 0
    while size >= 1024 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    digits = 0 if unit == 0 or size >= 100 else 1
    return f"{size:.{digits}f} {_UNITS[unit]}"


def clock(timestamp: float) -> str:
    """`14:38:06`, local time."""
    return datetime.fromtimestamp(timestamp).strftime("%H:%M:%S")


def when(timestamp: float) -> str:
    """`now`, `today, 14:38`, `yesterday`, `Tue 14 May`, `14 May 2024`."""
    if abs(time.time() - timestamp) < 60:
        return tr("now")
    moment = datetime.fromtimestamp(timestamp)
    today = datetime.now().date()
    if moment.date() == today:
        return tr("today, {clock}", clock=moment.strftime("%H:%M"))
    if moment.date() == today - timedelta(days=1):
        return tr("yesterday")
    return _date(moment.date(), with_year=moment.year != today.year)


def _date(day: date, with_year: bool) -> str:
    if language() == "zh":
        locale, pattern = QLocale(QLocale.Language.Chinese), "yyyy年M月d日" if with_year else "M月d日 ddd"
    else:
        locale, pattern = QLocale(QLocale.Language.English), "d MMM yyyy" if with_year else "ddd d MMM"
    return locale.toString(QDate(day.year, day.month, day.day), pattern)
