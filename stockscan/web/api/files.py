"""Photos and documents for programs: those of a thing, adding some, the bytes of one."""

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, make_response, request

from stockscan.domain.operations import parse_id
from stockscan.services import files
from stockscan.services.files import Sent, Target
from stockscan.web.file_answers import answer
from stockscan.web.security import current_context

blueprint = Blueprint("files", __name__)


@blueprint.get("/files")
def list_files() -> Response:
    """The photos and documents of the thing that `kind` and `code` say, the main photo first."""
    found = files.files_of(current_context(), _target(request.args))
    return jsonify(files=[files.file_json(file) for file in found])


@blueprint.post("/files")
def add_files() -> Response:
    """Keep photos and documents with a thing; 201 once, 200 for a repetition."""
    ctx, form = current_context(), request.form
    sent = [Sent(file.filename or "", file.read()) for file in request.files.getlist("file")]
    id_ = parse_id(form.get("id") or ctx.new_id())
    added = files.add(ctx, id_, _target(form), sent)
    return make_response(jsonify(added=added), 201 if added else 200)


@blueprint.get("/files/<int:number>")
def show_file(number: int) -> Response:
    """The bytes of a photo or document."""
    return answer(files.content_of(current_context(), number))


def _target(given: Mapping[str, str]) -> Target:
    return Target(given.get("kind", ""), given.get("code", ""))
