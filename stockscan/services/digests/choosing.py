"""The digest of whoever asks, and which of it they want by e-mail."""

from collections.abc import Iterable
from dataclasses import dataclass

from stockscan.domain.access import Permission, require
from stockscan.domain.digests import Choice, Digest, Section, offered
from stockscan.domain.errors import Invalid
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import digests as store
from stockscan.store import subscribing
from stockscan.store.digests import Reader


@dataclass(frozen=True, slots=True)
class Digests:
    """What is offered to somebody, and what of it they chose to be told by e-mail."""

    offered: tuple[Digest, ...]
    choice: Choice


def digest(ctx: Context) -> list[Section]:
    """All that waits now, kind by kind; kinds of which nothing waits are left out."""
    me = require(ctx.actor, Permission.READ)
    with reading() as connection:
        return store.sections(connection, Reader(me, ctx.today), offered(me))


def digests(ctx: Context) -> Digests:
    """What the person who asks may choose, and has chosen."""
    me = require(ctx.actor, Permission.READ)
    with reading() as connection:
        return Digests(offered(me), subscribing.choice_of(connection, me.person_id))


def choose(ctx: Context, kinds: Iterable[str], *, weekly: bool) -> None:
    """Choose which digests come by e-mail, none to have none. Raises `Invalid`."""
    me = require(ctx.actor, Permission.READ)
    try:
        wanted = frozenset(Digest(kind) for kind in kinds)
    except ValueError as error:
        raise Invalid("Choose from the list.", field="kinds") from error
    with unit_of_work() as session:
        subscribing.keep_choice(session, me.person_id, Choice(wanted, weekly))
