"""How values are shown: quantities, money, codes, and times in the server's zone."""

import uuid
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from flask import Flask, g

from stockscan.domain.codes import shown
from stockscan.domain.figures import format_money, format_quantity, from_us
from stockscan.services.settings import settings_in_force

SIGNS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}
MINUS: Final = "−"


def init_app(app: Flask) -> None:
    """Register the filters under the names that the templates use."""
    filters: dict[str, Callable[..., str]] = {
        "day": day,
        "own_text": own_text,
        "due": due,
        "expiry": expiry,
        "file_size": file_size,
        "initials": initials,
        "money": lambda value_e4: money(value_e4, currency()),
        "qty": qty,
        "spaced": shown,
        "span": span,
        "when": when,
    }
    app.jinja_env.filters.update(filters)
    # The id of an intended write, for forms that no view makes; a view's own stands before it.
    app.jinja_env.globals["new_id"] = lambda: str(uuid.uuid4())


def qty(quantity_milli: int) -> str:
    """Thousandths as people write them: 12000 -> "12", 2500 -> "2.5", -1000 -> "−1"."""
    return format_quantity(quantity_milli).replace("-", MINUS)


def money(value_e4: int, currency: str) -> str:
    """1/10,000 of the currency unit with its sign: 184000 -> "€18.40", 12400000 -> "€1,240.00"."""
    amount = Decimal(format_money(value_e4))
    sign = MINUS if amount < 0 else ""
    return f"{sign}{SIGNS.get(currency, f'{currency} ')}{abs(amount):,.2f}"


def when(moment_us: int, now: datetime | None = None) -> str:
    """A moment in local time: "Today 14:32", this half year "Thu 19 Nov", before "2 Nov 2025"."""
    moment = from_us(moment_us).astimezone()
    today = (now or datetime.now().astimezone()).date()
    if moment.date() == today:
        return f"Today {moment:%H:%M}"
    return day(moment.date(), today)


def own_text(text: str) -> str:
    """What an own field holds, as people read it: of a date, which is kept as ISO, its day."""
    try:
        return day(date.fromisoformat(text)) if len(text) == len("2026-11-23") else text
    except ValueError:
        return text


def day(value: date, today: date | None = None) -> str:
    """A date: within half a year "Thu 19 Nov", else "2 Nov 2025"."""
    distance = abs(((today or datetime.now().astimezone().date()) - value).days)
    if distance <= 180:
        return f"{value:%a} {value.day} {value:%b}"
    return f"{value.day} {value:%b} {value.year}"


def due(value: date | None, today: date | None = None) -> str:
    """When something is to be back: "no due date", "due Thu 19 Nov" or "3 days late"."""
    if value is None:
        return "no due date"
    late_days = ((today or datetime.now().astimezone().date()) - value).days
    if late_days <= 0:
        return f"due {day(value, today)}"
    return f"{late_days} day{'' if late_days == 1 else 's'} late"


def file_size(size_bytes: int) -> str:
    """A size as people read it: 940 -> "1 kB", 2400000 -> "2.4 MB"."""
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000))} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def expiry(expires_on: date, today: date | None = None) -> str:
    """When a lot expires, or that it has: "until 2027-06-30", "expired 2020-01-31"."""
    word = "until" if expires_on >= (today or datetime.now().astimezone().date()) else "expired"
    return f"{word} {expires_on.isoformat()}"


def span(minutes: int) -> str:
    """A time in minutes as people say it: "45 min", "1 h 48 min", "3 d 4 h"."""
    hours, days = minutes // 60, minutes // 1440
    if days:
        return f"{days} d {hours % 24} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def initials(name: str) -> str:
    """The letters in a person's circle: "Dana Reyes" -> "DR"."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def currency() -> str:
    """The currency that amounts are shown in, read once a request."""
    if "currency" not in g:
        g.currency = settings_in_force().currency
    return str(g.currency)
