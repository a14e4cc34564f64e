"""What all pages of settings share: typed text read, kept values shown, and saving them."""

from collections.abc import Callable
from typing import Any, ClassVar, Final, NamedTuple, Self

from flask import Response
from flask_wtf import FlaskForm

from stockscan.domain.company import read_money, read_percent, read_whole
from stockscan.domain.errors import Invalid
from stockscan.domain.figures import E4, MINOR, format_money
from stockscan.services import settings
from stockscan.web import htmx
from stockscan.web.security import current_context


class Typed(NamedTuple):
    """A value that people type as text: how it is read (what doesn't fit is refused), and shown."""

    read: Callable[[str | None], Any]
    show: Callable[[Any], str]


class SettingsForm(FlaskForm):  # type: ignore[misc]
    """Settings as people type them; what fits is the service's to say.

    A field is named as its setting; those in `typed` are read and shown so, others as they are.
    """

    typed: ClassVar[dict[str, Typed]] = {}

    @classmethod
    def in_force(cls) -> Self:
        """The form with the settings as they are now."""
        now = settings.settings_in_force()
        form = cls(formdata=None, obj=now)
        for name, (_, show) in cls.typed.items():
            form[name].data = show(getattr(now, name))
        return form

    def values(self) -> dict[str, Any]:
        """The settings that were typed, as they are kept."""
        return {
            name: self.typed[name].read(raw) if name in self.typed else raw
            for name, raw in self.data.items()
            if name != "csrf_token"
        }


def save(form: SettingsForm, page: Callable[[Any, int], Response], path: str) -> Response:
    """Change the settings and go to `path`; a wrong one changes nothing, and each says why."""
    try:
        settings.change(current_context(), **form.values())
    except Invalid as error:
        for name, sentence in error.details["faults"].items():
            form[name].errors = [sentence]
        return page(form, 422)
    return htmx.see_other(path, "Saved.")


def show_percent(value_bp: int) -> str:
    """Hundredths of a percent as people type them: 250 is "2.5"."""
    return f"{value_bp / 100:g}"


def show_money(value_minor: int | None) -> str:
    """Cents as people type them; "" for no amount."""
    return "" if value_minor is None else format_money(value_minor * (E4 // MINOR))


WHOLE: Final = Typed(read_whole, str)
PERCENT: Final = Typed(read_percent, show_percent)
MONEY: Final = Typed(read_money, show_money)
