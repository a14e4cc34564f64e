"""The things that the API speaks about, as JSON schemas."""

from typing import Any, Final

from stockscan.domain.codes import Kind
from stockscan.domain.counts import LineState, SessionState
from stockscan.domain.maintenance import JobKind, JobState, Readiness
from stockscan.domain.operations import KINDS
from stockscan.domain.purchasing import RequisitionState, Source

Json = dict[str, Any]

ANY: Final[Json] = {}
TEXT: Final[Json] = {"type": "string"}
WHOLE: Final[Json] = {"type": "integer"}
THING: Final[Json] = {"type": "object"}
FLAG: Final[Json] = {"type": "boolean"}
CODE: Final[Json] = {
    "type": "string",
    "description": "A label code: 7 characters without a space",
    "examples": ["7K3QX9A"],
}
DECIMAL: Final[Json] = {"type": "string", "format": "decimal", "examples": ["2.5"]}
UUID: Final[Json] = {"type": "string", "format": "uuid"}
DATE: Final[Json] = {"type": "string", "format": "date"}
INSTANT: Final[Json] = {"type": "string", "format": "date-time"}


def nullable(schema: Json) -> Json:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def an_object(**properties: Json) -> Json:
    """An object that has at least these."""
    return {"type": "object", "properties": properties}


def ref(name: str) -> Json:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(schema: Json) -> Json:
    """An array of one kind of thing."""
    return {"type": "array", "items": schema}


HIDDEN: Final[Json] = {**FLAG, "description": "Its reader counts it blind: figures are null"}
LISTED: Final[Json] = {
    "part": CODE, "part_number": TEXT, "name": TEXT, "place": TEXT, "quantity": DECIMAL,
    "life_months": nullable(WHOLE), "meter": TEXT, "meter_life": nullable(DECIMAL),
    "critical": FLAG,
}  # fmt: skip
DUE: Final[Json] = {
    "due_on": nullable(DATE),
    "due_at": {**nullable(DECIMAL), "description": "What its meter shows then"},
    "due_soon": FLAG,
}
SCHEMAS: Final[Json] = {
    "Error": an_object(
        error=an_object(code=TEXT, message=TEXT, field=TEXT, request_id=TEXT)
    ),
    "Asset": an_object(
        code=CODE, tag=TEXT, name=TEXT, serial=TEXT, model=nullable(TEXT),
        status={"enum": ["in_service", "down", "retired", "disposed"]},
        condition=nullable(WHOLE), location=nullable(CODE), location_name=nullable(TEXT),
        custodian=nullable(
            an_object(kind={"enum": ["person", "location", "asset"]}, code=CODE, name=TEXT,
                      since=nullable(INSTANT))
        ),
        due_on=nullable(DATE), category=TEXT, supplier=nullable(TEXT), order_number=TEXT,
        custom={**THING, "description": "The company's own fields: name to text"},
        meters=list_of(an_object(name=TEXT, unit=TEXT, value=nullable(DECIMAL),
                                 read_at=nullable(INSTANT))),
        on_it=list_of(an_object(code=CODE, tag=TEXT, name=TEXT)),
        utilisation={**THING, "description": "Days out and idle of the last 90 and 365 days"},
        replacement_cost=nullable(DECIMAL), down_hour_cost=nullable(DECIMAL),
        costs=an_object(parts_total=DECIMAL, purchase=nullable(DECIMAL), salvage=nullable(DECIMAL),
                        book_value=nullable(DECIMAL)),
        timeline=list_of(an_object(kind=TEXT, at=INSTANT, person=TEXT, operation=TEXT,
                                   undone=FLAG, note=TEXT)),
        url=TEXT,
    ),
    "Part": an_object(
        code=CODE, part_number=TEXT, name=TEXT, unit=TEXT, location=nullable(CODE),
        supplier=nullable(TEXT), cost=DECIMAL, average_cost=nullable(DECIMAL),
        value=nullable(DECIMAL), on_hand=nullable(DECIMAL), hidden=HIDDEN,
        reorder_point=nullable(DECIMAL), safety_stock=DECIMAL, service_level=nullable(DECIMAL),
        url=TEXT,
        tracking={"enum": ["none", "lot", "serial"]},
        balances=list_of(an_object(location=CODE, location_name=TEXT, lot=TEXT, serial=TEXT,
                                   expires_on=nullable(DATE), quantity=nullable(DECIMAL),
                                   hidden=HIDDEN)),
        models=list_of(an_object(model=TEXT, place=TEXT, quantity=DECIMAL,
                                 assets_in_service=WHOLE)),
        suppliers={**list_of(an_object(supplier=TEXT, number=TEXT, price=nullable(DECIMAL),
                                       pack=DECIMAL, lead_time_days=nullable(WHOLE), usual=FLAG)),
                   "description": "The usual one first"},
        substitutes=list_of(an_object(part=CODE, part_number=TEXT, name=TEXT,
                                      on_hand=nullable(DECIMAL), note=TEXT)),
        notes=TEXT, custom={**THING, "description": "The company's own fields by their names"},
    ),
    "Location": an_object(
        code=CODE, name=TEXT, kind={"enum": ["site", "area", "bin"]}, parent=nullable(CODE),
        parent_name=nullable(TEXT), active=FLAG, url=TEXT,
        balances=list_of(an_object(part=CODE, part_number=TEXT, part_name=TEXT, unit=TEXT,
                                   lot=TEXT, serial=TEXT, expires_on=nullable(DATE),
                                   quantity=nullable(DECIMAL), hidden=HIDDEN)),
        assets=list_of(an_object(code=CODE, tag=TEXT, name=TEXT, status=TEXT)),
        path=list_of(an_object(code=CODE, name=TEXT)),
        inside={**list_of(an_object(code=CODE, name=TEXT, kind=TEXT)),
                "description": "The first 200 by name"},
        notes=TEXT, count_interval_days=nullable(WHOLE), last_counted=nullable(INSTANT),
        belongs_here={**list_of(an_object(part=CODE, part_number=TEXT, part_name=TEXT)),
                      "description": "Parts whose own bin this is and of which none lies here"},
    ),
    "Model": an_object(
        code={**TEXT, "description": "A model has no label: its name refers to it"}, name=TEXT,
        manufacturer=TEXT, model_number=TEXT, category=TEXT, life_months=nullable(WHOLE),
        replacement_cost=nullable(DECIMAL), down_hour_cost=nullable(DECIMAL), assets=WHOLE,
        parts=list_of(an_object(**LISTED)),
    ),
    "AssetParts": an_object(
        asset=CODE, hidden=HIDDEN,
        listed=list_of(an_object(
            **LISTED, own={**FLAG, "description": "A line of this asset, not of its model"},
            on_hand=nullable(DECIMAL), location=nullable(CODE), in_location=nullable(DECIMAL),
            **DUE, coming=nullable(TEXT), expected_on=nullable(DATE))),
        installed=list_of(an_object(
            part=CODE, part_number=TEXT, name=TEXT, lot=TEXT, serial=TEXT, place=TEXT,
            quantity=DECIMAL, since=INSTANT, cost=DECIMAL, listed=FLAG, **DUE)),
    ),
    "Job": an_object(
        code={**TEXT, "examples": ["J-12"]}, job=TEXT, title=TEXT, kind={"enum": [*JobKind]},
        state={"enum": [*JobState]}, urgent=FLAG, asset=CODE, asset_tag=TEXT, plan=nullable(UUID),
        due_on=nullable(DATE), assigned=nullable(TEXT), reported_by=nullable(TEXT),
        done_by=nullable(TEXT), created_at=INSTANT, done_at=nullable(INSTANT),
        down_from=nullable(INSTANT), down_until=nullable(INSTANT), minutes=nullable(WHOLE),
        cause=TEXT, notes=TEXT, instructions=TEXT, url=TEXT,
        ready=nullable({"enum": [*Readiness],
                        "description": "Whether its parts are there; null where that is hidden"}),
        checklist=list_of(an_object(text=TEXT, done=FLAG, by=TEXT)),
        kit=list_of(an_object(
            part=CODE, part_name=TEXT, needed=DECIMAL, used=DECIMAL, left=DECIMAL, in_kit=DECIMAL,
            kept=nullable(DECIMAL), missing=nullable(DECIMAL), expected_on=nullable(DATE))),
        installed=list_of(an_object(part=CODE, part_name=TEXT, quantity=DECIMAL, cost=DECIMAL,
                                    operation=UUID, person=TEXT, at=INSTANT)),
        costs=an_object(parts=DECIMAL, labour=DECIMAL, downtime=nullable(DECIMAL), total=DECIMAL),
    ),
    "Person": an_object(
        code=CODE, name=TEXT, active=FLAG, url=TEXT,
        role={"enum": ["viewer", "technician", "storekeeper", "supervisor", "admin"]},
        assets=list_of(an_object(code=CODE, tag=TEXT, name=TEXT)),
    ),
    "Operation": {
        **an_object(
            id=UUID, kind={"enum": sorted(KINDS)}, age_ms=WHOLE, seen=TEXT, capture=WHOLE,
            queued=FLAG, device=TEXT, carry_min=WHOLE, before_count=WHOLE, after_count=WHOLE,
            corrects=UUID, action=UUID,
        ),
        "required": ["id", "kind"],
        "description": "With the fields of its kind; a reference is any scanned text",
    },
    "Outcome": an_object(
        id=ANY, status={"enum": ["applied", "duplicate", "attention", "rejected"]},
        result={"type": "object"}, error={"type": "object"},
    ),
    "Resolved": an_object(
        kind={"enum": [kind.value for kind in Kind]}, code=nullable(CODE), title=TEXT, url=TEXT,
        actions=list_of(ANY),
        data={**an_object(lot=TEXT, serial=TEXT, expires_on={"type": "string", "format": "date"},
                          quantity=DECIMAL, order=TEXT),
              "description": "What a maker's barcode says besides; only what it says"},
    ),
    "Catalogue": an_object(
        epoch=TEXT, seen=TEXT, cursor=TEXT, more=FLAG,
        whole={**FLAG, "description": "This walk names everything: forget what it does not name"},
        knows={**FLAG, "description": "Whether the operation `last` is still recorded"},
        gone=list_of(CODE),
        things=list_of(an_object(
            kind={"enum": ["asset", "part", "location", "person"]}, code=CODE, title=TEXT,
            refs={**list_of(TEXT), "description": "In the spelling of aliases; not always unique"},
            tag=TEXT, model=TEXT, out=FLAG, holder=nullable(TEXT), location=nullable(CODE),
            retired=FLAG, number=TEXT, unit=TEXT, tracking={"enum": ["none", "lot", "serial"]},
            balances=list_of({"type": "array", "description": "The code of a bin, a quantity"}),
            blind={**list_of(CODE), "description": "Bins counted blind: without their balance"},
            type={"enum": ["site", "area", "bin"]},
        )),
    ),
    "Count": an_object(
        id=UUID, number=nullable(TEXT), code=nullable(CODE), name=TEXT,
        state={"enum": [state.value for state in SessionState]}, blind=FLAG, counters=WHOLE,
        max_attempts=WHOLE, posts_itself=FLAG, due_on=nullable(DATE), made_by=TEXT,
        opened_at=INSTANT, submitted_at=nullable(INSTANT), ended_at=nullable(INSTANT),
        sums={**THING, "description": "How many lines are in each state"},
        lines=list_of(ref("CountLine")), next=nullable(WHOLE),
        questions=list_of(an_object(line=WHOLE, operation=UUID, preselected=nullable(TEXT))),
    ),
    "CountLine": {
        **an_object(
            line=WHOLE, state={"enum": [state.value for state in LineState]}, attempt=WHOLE,
            part=CODE, location=CODE, lot=TEXT, serial=TEXT, counted=nullable(DECIMAL),
            counted_at=nullable(INSTANT), counter=nullable(TEXT), approver=nullable(TEXT),
            book=nullable(DECIMAL), variance=nullable(DECIMAL), value=nullable(DECIMAL),
            reason=TEXT, cause=TEXT,
        ),
        "description": "What is counted blind has no book, variance and value",
    },
    "Requisition": an_object(
        number=TEXT, state={"enum": [state.value for state in RequisitionState]},
        source={"enum": [source.value for source in Source]}, supplier=nullable(TEXT),
        created_at=INSTANT, created_by=nullable(TEXT), approved_at=nullable(INSTANT),
        approved_by=nullable(TEXT), ordered_at=nullable(INSTANT), ordered_by=nullable(TEXT),
        ended_at=nullable(INSTANT), need_by=nullable(DATE), order_by=nullable(DATE),
        expected_on=nullable(DATE), reference=TEXT, note=TEXT, total=DECIMAL, parts=WHOLE, url=TEXT,
        lines=list_of(an_object(
            line=WHOLE, part=CODE, part_number=TEXT, name=TEXT, unit=TEXT, supplier_number=TEXT,
            quantity=DECIMAL, price=nullable(DECIMAL), need_by=nullable(DATE),
            order_by=nullable(DATE), expected_on=nullable(DATE), job=nullable(TEXT), closed=FLAG,
            received=nullable(DECIMAL), price_difference=nullable(DECIMAL), hidden=HIDDEN,
            why={**THING, "description": "The figures that the quantity follows from"},
        )),
    ),
    "Movement": an_object(
        seq=WHOLE, kind=TEXT, part=CODE, location=CODE, person=CODE, asset=nullable(CODE),
        work=nullable({**TEXT, "description": "The job that it is for: J-12"}),
        lot=TEXT, serial=TEXT, quantity=DECIMAL, unit_cost=DECIMAL, value=DECIMAL,
        effective_at=INSTANT, recorded_at=INSTANT, operation=TEXT, origin=TEXT,
        reverses=nullable(WHOLE), corrects=nullable(WHOLE), reason=TEXT, note=TEXT,
    ),
}  # fmt: skip
