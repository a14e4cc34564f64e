"""The first start: who knows the code on the server's console becomes the first admin."""

import hmac
from dataclasses import dataclass
from typing import Any

from stockscan.domain.access import Role
from stockscan.domain.company import check_settings
from stockscan.domain.errors import Invalid, NotAllowed, RuleBroken
from stockscan.domain.passwords import check_password
from stockscan.services.work import Context, reading, retrying, unit_of_work
from stockscan.store import settings, staff
from stockscan.store.passwords import hash_password, keyed_code
from stockscan.store.people import PersonRow, is_anyone_here, sign_in_name
from stockscan.store.sync import epoch


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """Who sets StockScan up, and how they will sign in."""

    name: str
    username: str
    password: str


def setup_code() -> str | None:
    """The code that opens the first start, such as "K7QX-APM2-3TZV"; None once anybody is here.

    Made of the server's secret key and the database's name, so every process of this server knows
    the same one, nothing stores it, and it opens no other database.
    """
    with reading() as connection:
        if is_anyone_here(connection):
            return None
        code = keyed_code(f"first start of {epoch(connection)}")
    return "-".join((code[:4], code[4:8], code[8:12]))


def set_up(ctx: Context, code: str, admin: FirstAdmin, **company: Any) -> PersonRow:
    """Make the first admin and say what the company is called; works once.

    Raises `NotAllowed` for a wrong code, `Invalid` (all that is wrong in `details["faults"]`), and
    `RuleBroken` once somebody is here.
    """
    _check_code(code)
    values = _check(admin, company)

    def begin() -> PersonRow:
        with unit_of_work() as session:
            if not staff.is_first(session):
                raise RuleBroken("StockScan is set up already. Sign in.", code="set_up_already")
            first = staff.add(session, ctx.now_us, admin.name.strip(), Role.ADMIN)
            settings.save(session, **company)
            return staff.change(session, ctx.now_us, first.id, values)

    return retrying(begin)


def _check_code(code: str) -> None:
    right = setup_code()
    if right is None:
        raise RuleBroken("StockScan is set up already. Sign in.", code="set_up_already")
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    if not hmac.compare_digest(typed.encode(), right.replace("-", "").encode()):
        message = "This is not the code. It stands in the window where StockScan was started."
        raise NotAllowed(message, code="wrong_setup_code")


def _check(admin: FirstAdmin, company: dict[str, Any]) -> dict[str, Any]:
    """The columns of the first admin, once everything about them and the company can be used."""
    faults: dict[str, str] = {}
    values: dict[str, Any] = {}
    try:
        check_settings(company)
    except Invalid as error:
        faults |= error.details["faults"]
    if not 1 <= len(admin.name.strip()) <= 200:
        faults["name"] = "Enter your name."
    try:
        values["username"] = sign_in_name(admin.username)
    except Invalid as error:
        faults["username"] = error.message
    try:
        check_password(admin.password)
    except Invalid as error:
        faults["password"] = error.message
    if faults:
        field = next(iter(faults))
        raise Invalid(faults[field], field=field, faults=faults)
    return {**values, "password_hash": hash_password(admin.password)}
