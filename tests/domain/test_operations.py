"""The shape of a write: what is refused, and when two writes are the same."""

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscan.domain.errors import Invalid
from stockscan.domain.operations import CREATE_KINDS, EDIT_KINDS, KINDS, parse_op, seen_token

ID = "6379f3e2-74a7-4756-98c8-bfc278af7100"
RECEIVE = {"id": ID, "kind": "receive", "part": "P", "location": "A1", "quantity": 2}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner,
                                                                max_size=3),
    max_leaves=8,
)  # fmt: skip
FIELDS = sorted({name for shape in KINDS.values() for name in (*shape.required, *shape.optional)})
ENVELOPE = ["id", "age_ms", "seen", "capture", "queued", "device", "carry_min", "before_count",
            "after_count", "corrects", "action"]  # fmt: skip


def parse(**values: Any) -> Any:
    return parse_op({**RECEIVE, **values}, KINDS)


@pytest.mark.parametrize("same", [2, 2.0, "2", "2.000", "2,0", " 2 "])
def test_equal_numbers_are_the_same_write(same: object) -> None:
    assert parse(quantity=same).digest == parse().digest


@pytest.mark.parametrize(
    "aside",
    [{"age_ms": 5}, {"seen": "s10"}, {"capture": 3}, {"queued": True}, {"device": "phone"},
     {"before_count": 1}, {"after_count": 1}, {"id": str(uuid.uuid4())}, {"note": ""},
     {"action": str(uuid.uuid4())},
     {"note": None}],
)  # fmt: skip
def test_how_it_was_captured_does_not_make_it_another_write(aside: dict[str, Any]) -> None:
    assert parse(**aside).digest == parse().digest


@pytest.mark.parametrize(
    "other",
    [{"quantity": 3}, {"part": "Q"}, {"location": "A2"}, {"note": "n"}, {"unit_cost": 1},
     {"lot": "L"}, {"corrects": str(uuid.uuid4())}],
)  # fmt: skip
def test_other_content_is_another_write(other: dict[str, Any]) -> None:
    assert parse(**other).digest != parse().digest


def test_ids_are_one_id_however_written() -> None:
    assert parse(id=ID.upper()).id == ID


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"id": "1"}, "id"), ({"id": None}, "id"), ({"kind": "dance"}, "kind"), ({"kind": []}, "kind"),
     ({"part": None}, "part"), ({"part": ""}, "part"), ({"part": "x" * 513}, "part"),
     ({"quantity": 0}, "quantity"), ({"quantity": True}, "quantity"), ({"extra": 1}, "extra"),
     ({"age_ms": -1}, "age_ms"), ({"seen": "yesterday"}, "seen"), ({"queued": "yes"}, "queued"),
     ({"note": "x" * 2001}, "note"), ({"note": [1]}, "note"),
     ({"unit_cost": "-1"}, "unit_cost"), ({"expires_on": "soon"}, "expires_on")],
)  # fmt: skip
def test_refusals_name_the_field(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(**wrong)
    assert caught.value.field == field


@pytest.mark.parametrize("given_", [{}, {"to_person": "A", "to_asset": "B"}])
def test_exactly_one_receiver(given_: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        parse_op({"id": ID, "kind": "check_out", "asset": "A", **given_}, KINDS)


@given(JSON)
def test_any_json_is_parsed_or_refused(raw: object) -> None:
    with pytest.raises(Invalid):
        parse_op(raw, KINDS)


@given(st.sampled_from(sorted(KINDS)), st.dictionaries(st.sampled_from(FIELDS + ENVELOPE), JSON))
def test_any_fields_are_parsed_or_refused(kind: str, values: dict[str, Any]) -> None:
    try:
        op = parse_op({"id": ID, **values, "kind": kind}, {**KINDS, **CREATE_KINDS})
    except Invalid:
        return
    assert op.received(10**15).timing.effective_us <= 10**15


@given(st.integers(0, 10**16))
def test_seen_comes_back_as_it_was_sent(now_us: int) -> None:
    assert parse(seen=seen_token(now_us)).seen_us == now_us


@pytest.mark.parametrize(
    ("kind", "lasting"),
    [(kind, name) for kind in EDIT_KINDS for name in sorted(EDIT_KINDS[kind].lasting)],
)
def test_what_a_thing_always_has_is_not_emptied(kind: str, lasting: str) -> None:
    of = dict.fromkeys(EDIT_KINDS[kind].required, 7 if kind == "edit_field" else "X")
    with pytest.raises(Invalid, match=f"{lasting} can't be empty") as refused:
        parse_op({"id": ID, "kind": kind, **of, lasting: ""}, EDIT_KINDS)
    assert refused.value.field == lasting
    assert lasting not in parse_op({"id": ID, "kind": kind, **of}, EDIT_KINDS).fields


def test_whatever_has_a_name_keeps_one() -> None:
    named = [shape for shape in EDIT_KINDS.values() if "name" in shape.optional]
    assert named
    assert all("name" in shape.lasting for shape in named)


def test_an_edit_empties_what_a_thing_may_lack() -> None:
    raw = {"id": ID, "kind": "edit_asset", "asset": "X", "notes": "", "model": "", "tag": None}
    assert parse_op(raw, EDIT_KINDS).fields == {"asset": "X", "notes": "", "model": ""}
