"""The letters of a day: one to each who chose digests, if there is anything to tell."""

from contextlib import suppress
from dataclasses import dataclass

from stockscan.domain.access import Actor, Role
from stockscan.domain.digests import Letter, letter, offered
from stockscan.domain.errors import RuleBroken
from stockscan.services.digests.post import Mailbox, Post
from stockscan.services.work import Context, reading, unit_of_work
from stockscan.store import digests as store
from stockscan.store import settings, subscribing
from stockscan.store.digests import Reader
from stockscan.store.subscribing import Subscriber


@dataclass(frozen=True, slots=True)
class _Office:
    """An open post, and what every letter has from us."""

    ctx: Context
    post: Post
    company: str
    address: str


def send_letters(ctx: Context, mailbox: Mailbox | None, address: str) -> int:
    """Send today's letters that were not sent yet; how many. Without a mail server none.

    Each is claimed before it is sent, so nobody gets one twice, and given back if it is not taken.
    Raises `RuleBroken` with what went wrong, after all others were tried.
    """
    with reading() as connection:
        company = settings.load(connection).company
        due = [
            each
            for each in subscribing.subscribers(connection, ctx.today)
            if each.choice.wants(ctx.today)
        ]
    if mailbox is None or not due:
        return 0
    try:
        with mailbox.open() as post:
            return _send_all(_Office(ctx, post, company, address), due)
    except OSError as error:
        raise RuleBroken(f"The mail server takes no letters: {error}") from error


def _send_all(office: _Office, due: list[Subscriber]) -> int:
    sent, refused = 0, []
    for each in due:
        try:
            sent += _send(office, each)
        except OSError as error:
            refused.append(f"{each.name} ({error})")
    if refused:
        raise RuleBroken(f"{sent} letters sent; not taken: {', '.join(refused)}")
    return sent


def _send(office: _Office, to: Subscriber) -> bool:
    """Whether there was anything to send and nobody had sent it."""
    told = _letter(office, to)
    if told is None or not _claim(office.ctx, to):
        return False
    try:
        office.post.send(to.email, told.subject, told.text)
    except OSError:
        with unit_of_work() as session:
            subscribing.unclaim(session, to)
        # The next letter begins anew whatever became of this one.
        with suppress(OSError):
            office.post.server.rset()
        raise
    return True


def _letter(office: _Office, to: Subscriber) -> Letter | None:
    actor, today = Actor(to.person_id, to.name, Role(to.role)), office.ctx.today
    wanted = to.choice.kinds.intersection(offered(actor))
    with reading() as connection:
        sections = store.sections(connection, Reader(actor, today), wanted)
    return letter(sections, office.company, office.address, today) if sections else None


def _claim(ctx: Context, to: Subscriber) -> bool:
    with unit_of_work() as session:
        return subscribing.claim(session, to, ctx.now_us)
