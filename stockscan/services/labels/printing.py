"""Printing: the file, and the record of what is on it."""

from collections.abc import Sequence

from stockscan.domain.access import Permission, require
from stockscan.domain.cards import card
from stockscan.domain.errors import Invalid
from stockscan.labelling.printing import Format, Printed
from stockscan.services.labels.choosing import chosen_labels
from stockscan.services.labels.drawing import draw
from stockscan.services.labels.papers import Paper
from stockscan.services.work import Context, unit_of_work
from stockscan.store.catalogue import labels as queries
from stockscan.store.codes import keep_cards
from stockscan.store.once import Once, first_time


def print_labels(
    ctx: Context,
    references: Sequence[str],
    paper: Paper,
    *,
    form: Format,
    public_url: str,
    place: str = "",
    once: Once | None = None,
) -> Printed:
    """Make the file to print and record what is on it, with the address.

    A repetition under the same `once` is not recorded again. Raises `Conflict` when that id was
    used for something else, `RuleBroken` without a public address, `Invalid` for what can't be
    drawn, `NotFound` for an unknown thing, stock or layout. Missing letters are warnings, never a
    refusal.
    """
    actor = require(ctx.actor, Permission.LABEL_PRINT)
    texts = chosen_labels(ctx, references, place=place)
    if not texts:
        raise Invalid("Choose at least one label.", field="items")
    printed = draw(form, paper, texts, public_url)
    with unit_of_work() as session:
        if not first_time(session, once, "print_labels", actor.person_id, ctx.now_us):
            return printed
        keep_cards(session, [text.code for text in texts if card(text.code)], ctx.now_us)
        queries.record(
            session,
            [text.code for text in texts],
            at_us=ctx.now_us,
            person_id=actor.person_id,
            stock=paper.stock,
            layout=paper.layout,
            format=form,
            start=paper.start,
            public_url=public_url,
        )
    return printed
