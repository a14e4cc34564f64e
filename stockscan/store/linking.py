"""What a text or a blank label of ours comes to stand for: made, proved free, and taken back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from stockscan.domain.codes import Kind, Scanned, read, spelling
from stockscan.domain.errors import Conflict, Invalid, NotFound, RuleBroken
from stockscan.domain.operations import Op
from stockscan.store.codes import Alias, Code, claim_code
from stockscan.store.scanning import THINGS, Found, resolve
from stockscan.store.unique import insert_unique

# In bytes: what a key of either database takes; some letters grow when their case is folded.
_LONGEST_SPELLING = 2600
# What people name; none of these may read as a label, or the label would be found twice.
_NAMING = ("name", "tag", "part_number")


def own_code(session: Session, op: Op, kind: Kind, now_us: int) -> str:
    """The code of a new thing: of the blank label in the operation's `label`, else a fresh one.

    Raises `Invalid` when its name, tag or number is a label of ours.
    """
    refuse_labels(session, {name: op[name] for name in _NAMING if op[name]})
    if not op["label"]:
        return claim_code(session, kind, now_us)
    code = blank(session, op["label"])
    session.execute(update(Code).where(Code.code == code).values(kind=kind))
    return code


def link_new(session: Session, op: Op, thing: Found, now_us: int, *fields: str) -> None:
    """Let what stands in these fields of the operation stand for the thing that it made."""
    for field in fields:
        if op[field]:
            add(session, op, op[field], thing, now_us, field=field)


def add(session: Session, op: Op, raw: str, thing: Found, now_us: int, *, field: str) -> str:
    """Let a text stand for a thing from now on; returns how it is spelled.

    What is known by its label already needs nothing. Raises `Conflict` when the text stands for
    something else, and `Invalid` for a label of ours.
    """
    scanned = read(raw)
    known = resolve(session, scanned)
    text = _spelling_for(scanned, thing.kind)
    if known is not None and known.code == thing.code:
        return text
    if known is not None:
        raise _taken(scanned, known, field)
    _insert(session, text, thing.code, op, now_us, field=field)
    return text


def claim(session: Session, op: Op, code: str, thing: Found, now_us: int) -> None:
    """Let a blank label of ours (see `blank`) stand for a thing that has a label already."""
    _insert(session, code, thing.code, op, now_us, field="label")


def blank(session: Session, label: str) -> str:
    """The code of a blank label, held until the commit.

    Raises `NotFound` for what is no label of ours and `Conflict` for one that is in use.
    """
    scanned = read(label)
    held = select(Code.kind).where(Code.code == scanned.code).with_for_update()
    if scanned.code is None or session.execute(held).first() is None:
        message = f"{scanned.text[:60]!r} is no label of ours. Scan a blank label."
        raise NotFound(message, field="label", code="unknown_reference")
    known = resolve(session, scanned)
    if known is None or known.kind is not Kind.BLANK:
        message = f"That label is on {known.name if known else 'something'} already. Take another."
        raise Conflict(message, field="label", code="taken")
    return scanned.code


def target(session: Session, reference: str) -> Found:
    """The thing that a link shall lead to. Raises `NotFound`."""
    found = resolve(session, read(reference), THINGS)
    if found is None:
        message = f"{reference[:60]!r} is nothing we know. Scan its label, or search by name."
        raise NotFound(message, field="thing", code="unknown_reference")
    return found


def free(session: Session, raw: str) -> Scanned:
    """A text that stands for nothing yet. Raises `Conflict` that says what it stands for."""
    scanned = read(raw)
    known = resolve(session, scanned)
    if known is not None and known.kind is Kind.BLANK:
        raise RuleBroken("That is a blank label of ours. Claim it for a thing.", code="blank_label")
    if known is not None:
        raise _taken(scanned, known, "text")
    return scanned


def remove(session: Session, operation_id: str) -> dict[str, Found | None]:
    """Take back what an operation linked: the texts, each with the thing that it stood for."""
    where = Alias.operation_id == operation_id
    gone = session.execute(delete(Alias).where(where).returning(Alias.text, Alias.code)).all()
    return {text: resolve(session, read(code)) for text, code in gone}


def drop(session: Session, raw: str) -> tuple[str, Found]:
    """Let a text stand for nothing again: how it was spelled, and the thing it stood for.

    Raises `NotFound` for a text that nobody linked; a thing's own label stays its own.
    """
    scanned = read(raw)
    rows = select(Alias).where(Alias.text.in_(scanned.spellings))
    known = {alias.text: alias for alias in session.scalars(rows)}
    alias = next((known[text] for text in scanned.spellings if text in known), None)
    thing = resolve(session, read(alias.code)) if alias else None
    if alias is None or thing is None:
        message = f"{scanned.text[:60]!r} is not linked to anything. Look at the page of the thing."
        raise NotFound(message, field="text", code="unknown_reference")
    session.delete(alias)
    session.flush()
    return alias.text, thing


def _spelling_for(scanned: Scanned, kind: Kind) -> str:
    """What to remember of a text: of a part the number that all its boxes share, else all of it."""
    if scanned.code:
        return scanned.code
    shared = scanned.data.keys[:1] if scanned.data and kind is Kind.PART else ()
    return spelling(shared[0] if shared else scanned.text)


def _insert(session: Session, text: str, code: str, op: Op, now_us: int, *, field: str) -> None:
    if len(text.encode()) > _LONGEST_SPELLING:
        raise Invalid("That text is too long to stand for a thing.", field=field)
    values: dict[str, Any] = {
        "text": text,
        "code": code,
        "created_us": now_us,
        "operation_id": op.id,
    }
    taken = f"{text[:60]!r} stands for another thing already."
    insert_unique(session, insert(Alias).values(values), taken=taken, field=field)


def refuse_labels(session: Session, given: Mapping[str, str]) -> None:
    """Raises `Invalid` for a name, tag or number, by its field, that is a label of ours."""
    for field, text in given.items():
        try:
            scanned = read(text)
        except Invalid:
            raise Invalid("Use letters or digits that can be seen.", field=field) from None
        known = resolve(session, scanned) if scanned.code else None
        if scanned.is_label_address or (known is not None and known.code == scanned.code):
            message = "That is a label code. Scan it into the label field."
            raise Invalid(message, field=field, code="label_code")


def _taken(scanned: Scanned, known: Found, field: str) -> Conflict:
    name = known.name or f"a {known.kind.value} label"
    message = f"{scanned.text[:60]!r} stands for {name} already."
    return Conflict(message, code="taken", field=field, stands_for=known.code)
