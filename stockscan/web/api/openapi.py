"""What the API takes and gives, in OpenAPI's words; a test holds it against the address map."""

from typing import Final, get_args

from flask import Blueprint, Response, jsonify

from stockscan import __version__
from stockscan.domain.counts.scope import Why
from stockscan.domain.operations import CREATE_KINDS, EDIT_KINDS, Shape
from stockscan.labelling.spec import Field
from stockscan.web.api.schemas import (
    ANY,
    CODE,
    DATE,
    DECIMAL,
    FLAG,
    SCHEMAS,
    TEXT,
    THING,
    UUID,
    WHOLE,
    Json,
    an_object,
    list_of,
    nullable,
    ref,
)

blueprint = Blueprint("openapi", __name__)


@blueprint.get("/openapi.json")
def document() -> Response:
    """This description."""
    return jsonify(openapi())


def openapi() -> Json:
    """The whole description as data."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "StockScan", "version": __version__},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": PATHS,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS,
        },
    }


def answers(schema: Json, status: int = 200, *, described: str = "Done") -> Json:
    """The answers of an operation: the good one, and the form of every refusal."""
    return {
        str(status): _content(described, schema),
        "default": _content("Why not, and which field is at fault", ref("Error")),
    }


def a_get(summary: str, schema: Json, *queries: str, path: tuple[str, ...] = ()) -> Json:
    """A GET with its query and path parameters."""
    parameters: list[Json] = [{"name": name, "in": "query", "schema": TEXT} for name in queries]
    parameters += path_parameters(*path)
    return {"summary": summary, "parameters": parameters, "responses": answers(schema)}


def path_parameters(*names: str) -> list[Json]:
    """The variable parts of an address."""
    return [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in names]


def a_post(summary: str, body: Json, responses: Json) -> Json:
    """A POST with its body."""
    return {
        "summary": summary,
        "requestBody": {"required": True, **_content("", body)},
        "responses": responses,
    }


def _content(description: str, schema: Json) -> Json:
    content: Json = {"content": {"application/json": {"schema": schema}}}
    return {"description": description, **content} if description else content


def _page_of(name: str, schema: Json) -> Json:
    return an_object(**{name: list_of(schema)}, next=nullable(TEXT))


def _body_of(shape: Shape, **renamed: str) -> Json:
    """The fields of a kind of operation; the id makes a retry apply once."""
    shown = {old: new for new, old in renamed.items()}
    names = {name: shown.get(name, name) for name in (*shape.required, *shape.optional)}
    return {
        "type": "object",
        "required": [names[name] for name in shape.required],
        "properties": {
            "id": UUID,
            **dict.fromkeys(names.values(), ANY),
        },
    }


def _thing(collection: str, schema: str, creation: str, *queries: str, **renamed: str) -> Json:
    """The three ways into a collection: list, read one, make one."""
    return {
        f"/{collection}": {
            "get": a_get(f"List {collection}", _page_of(collection, ref(schema)), *queries),
            "post": a_post(
                f"Make one of the {collection}",
                _body_of(CREATE_KINDS[creation], **renamed),
                answers(ref(schema), 201, described="Made, or made before under this id"),
            ),
        },
        f"/{collection}/{{ref}}": {
            "get": a_get(
                f"One of the {collection}, by code, tag, number, name or barcode",
                ref(schema),
                path=("ref",),
            ),
            "post": {
                **a_post(
                    f"Change what the books say about one of the {collection}; only what is sent",
                    _body_of(EDIT_KINDS[creation.replace("create", "edit")], **renamed),
                    answers(ref(schema)),
                ),
                "parameters": path_parameters("ref"),
            },
        },
    }


_SHEET: Final[Json] = {
    "id": UUID, "code": CODE, "title": TEXT, "name": TEXT, "blind": FLAG, "version": TEXT,
}  # fmt: skip
PATHS: Final[Json] = {
    **_thing("assets", "Asset", "create_asset", "show", "model", "category", "place",
             "person", "condition", "sort", "q", "after", "limit"),
    **_thing("parts", "Part", "create_part", "low", "q", "after", "limit"),
    **_thing("locations", "Location", "create_location", "kind", "q", "after", "limit",
             kind="kind_of_place"),
    **_thing("models", "Model", "create_model"),
    **_thing("people", "Person", "create_person", "after"),
    **_thing("jobs", "Job", "create_job", "show", "asset", "q", "after", "limit"),
    "/assets/{ref}/parts": {
        "get": a_get("What belongs in an asset and what is in it now, with when it is due",
                     ref("AssetParts"), path=("ref",))
    },
    "/fields": {
        "get": a_get("The company's own fields", an_object(fields=list_of(THING))),
        "post": a_post("Add a field", _body_of(CREATE_KINDS["create_field"]),
                       answers(THING, 201, described="Made, or made before under this id")),
    },
    "/fields/{number}": {
        "post": {
            **a_post("Change a field; only what is sent", _body_of(EDIT_KINDS["edit_field"]),
                     answers(THING)),
            "parameters": path_parameters("number"),
        }
    },
    "/files": {
        "get": a_get("The photos and documents of a thing, the main photo first",
                     an_object(files=list_of(THING)), "kind", "code"),
        "post": {
            "summary": "Keep photos and documents with a thing, all or none",
            "requestBody": {
                "required": True,
                "content": {"multipart/form-data": {"schema": an_object(
                    id=UUID, kind=TEXT, code=CODE, file=list_of(TEXT))}},
            },
            "responses": answers(an_object(added=WHOLE), 201, described="Added"),
        },
    },
    "/files/{number}": {
        "get": a_get("The bytes of a photo or document", {"type": "string", "format": "binary"},
                     path=("number",)),
    },
    "/movements": {
        "get": a_get(
            "The ledger as a feed: ascending, complete, each movement once",
            an_object(movements=list_of(ref("Movement")), next=WHOLE),
            "after",
            "limit",
        )
    },
    "/catalogue": {
        "get": a_get(
            "What a phone must know to scan alone: everything, or what changed behind a cursor",
            ref("Catalogue"),
            "since",
            "limit",
            "last",
        )
    },
    "/sheets": {
        "get": a_get(
            "The counts in which something is left for me; another `version` is another sheet",
            an_object(sheets=list_of(an_object(**_SHEET))),
        )
    },
    "/sheets/{count_id}": {
        "get": a_get(
            "What is left for me in a count, bin by bin on the way; without any expected figure",
            an_object(**_SHEET, bins_in_all=WHOLE, more=nullable(WHOLE), bins=list_of(
                an_object(code=CODE, title=TEXT, area=TEXT, order=WHOLE,
                          lines=list_of(list_of(TEXT))))),
            "begin",
            path=("count_id",),
        )
    },
    "/labels": {
        "post": a_post(
            "A file of labels; the header X-Label-Warnings says what to know before printing",
            an_object(id=UUID, items=list_of(CODE), stock=TEXT, layout=TEXT, start=WHOLE,
                      copies=WHOLE, length_mm={"type": "number"}, printer=WHOLE, code128=FLAG,
                      without=list_of({"enum": list(get_args(Field))}), words=TEXT, logo=FLAG,
                      format={"enum": ["pdf", "zpl", "svg", "png"]}),
            {
                "200": {
                    "description": "The file",
                    "content": {
                        kind: {"schema": {"type": "string", "format": "binary"}}
                        for kind in ("application/pdf", "text/plain", "image/svg+xml", "image/png")
                    },
                },
                "default": _content("Why not", ref("Error")),
            },
        )
    },
    "/labels/stocks": {
        "get": a_get("Label stocks and layouts",
                     an_object(stocks=list_of(THING), layouts=list_of(THING)))
    },
    "/me": {
        "get": a_get("Who is signed in, and the token that their writes must carry",
                     an_object(person=THING, csrf_token=TEXT, seen=TEXT))
    },
    "/operations": {
        "post": a_post(
            "Apply operations in order, each in its own transaction, each exactly once",
            an_object(operations=list_of(ref("Operation")), person=CODE),
            answers(an_object(results=list_of(ref("Outcome")), seen=TEXT, epoch=TEXT)),
        )
    },
    "/resolve": {
        "get": a_get("What a scanned string stands for; changes nothing", ref("Resolved"), "code")
    },
    "/scans": {
        "post": a_post("Keep a scan in the log, known or unknown",
                       an_object(code=TEXT, id=UUID, person=CODE),
                       answers(ref("Resolved")))
    },
    "/counts": {
        "get": a_get("List planned counts, the newest first", _page_of("counts", ref("Count")),
                     "state", "after", "limit"),
        "post": a_post(
            "Open a count; of a blind one nothing that the books say is answered",
            an_object(id=UUID, name=TEXT, locations=list_of(TEXT), parts=list_of(TEXT),
                      classes=list_of({"enum": ["A", "B", "C"]}),
                      why=list_of({"enum": [why.value for why in Why]}), counters=list_of(TEXT),
                      independent=FLAG, blind=FLAG, max_attempts=WHOLE,
                      tolerance=an_object(abs_tol=DECIMAL, pct_tol=ANY, value_tol=DECIMAL),
                      posts_itself=FLAG, due_on=DATE, draft=FLAG),
            answers(ref("Count"), 201, described="Opened, or opened before under this id"),
        ),
    },
    "/counts/{count_id}": {
        "get": a_get("One count with a page of its lines", ref("Count"), "after", "limit",
                     path=("count_id",))
    },
    "/counts/{count_id}/submission": {
        "post": {
            **a_post("Submit the whole count, or one's own sheet; a repetition changes nothing",
                     an_object(mine=FLAG), answers(ref("Count"))),
            "parameters": path_parameters("count_id"),
        }
    },
    "/counts/{count_id}/posting": {
        "post": {
            **a_post("Post lines of a count, all by default; a repetition changes nothing",
                     an_object(lines=list_of(WHOLE), approve=FLAG, seen=THING),
                     answers(ref("Count"))),
            "parameters": path_parameters("count_id"),
        }
    },
    "/counts/{count_id}/cancellation": {
        "post": {
            **a_post("Call a count off: nothing more of it is booked", an_object(),
                     answers(ref("Count"))),
            "parameters": path_parameters("count_id"),
        }
    },
    "/requisitions": {
        "get": a_get("What is to be bought, the newest first; open ones unless `state` says more",
                     _page_of("requisitions", ref("Requisition")), "state", "q", "after", "limit")
    },
    "/requisitions/{ref}": {
        "get": a_get("One requisition with its lines, by its number", ref("Requisition"),
                     path=("ref",))
    },
    "/openapi.json": {"get": a_get("This description", THING)},
}  # fmt: skip
