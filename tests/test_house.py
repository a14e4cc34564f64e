"""Keeps the promises of the house: sizes, floors, one commit, one door, nothing inline."""

import ast
import gzip
import re
import sys

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import StrictUndefined
from werkzeug.routing import Rule

from stockscan.web.security import PUBLIC_ENDPOINTS
from tests.sources import (
    PACKAGE,
    ROOT,
    body_line_count,
    functions,
    imports,
    is_ours,
    is_view,
    line_count,
    lines_of,
    name,
    parsed,
    python_files,
    templates,
    text_files,
    tree_in_readme,
)

FILE_LINES, FUNCTION_LINES, VIEW_LINES = 400, 50, 12
# Said on a file's first lines or a function's first line by who has a reason to be longer.
REASON = "# long:"

HTMX_ATTRIBUTES = {
    "hx-confirm", "hx-get", "hx-indicator", "hx-post", "hx-push-url", "hx-swap", "hx-swap-oob",
    "hx-sync", "hx-target", "hx-trigger",
}  # fmt: skip
INLINE = {
    "a script with a body": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"""(?<![\w-])style\s*=\s*["'{]""", re.IGNORECASE),
    "an event handler": re.compile(r"""(?<![\w-])on[a-z]{3,}\s*=\s*["'{]""", re.IGNORECASE),
    "hx-on": re.compile(r"hx-on"),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
}
FOREIGN = {
    "a package registry": re.compile(
        r"\b(pypi|pythonhosted|npmjs|yarnpkg|jsdelivr|unpkg)\.(org|com|net)"
    ),
    "an index address": re.compile(r"--(extra-)?index-url|\"resolved\":\s*\"http"),
    "a path of one machine": re.compile(
        rf"(?<![\w.])(/(home|Users)/\w+/|/(root)/\w|{re.escape(str(ROOT))}/)"
    ),
}
FRAMEWORKS = {"alembic", "flask", "flask_sqlalchemy", "flask_wtf", "sqlalchemy", "wtforms"}

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


# --- size and shape -------------------------------------------------------------------------------


def test_every_module_opens_with_its_promise() -> None:
    silent = [name(path) for path in python_files() if not ast.get_docstring(parsed(path))]
    assert not silent


def test_files_stay_readable() -> None:
    long = {
        name(path): len(lines)
        for path in python_files()
        if len(lines := lines_of(path)) > FILE_LINES
    }
    excused = {file for file in long if REASON in "".join(lines_of(ROOT / file)[:3])}
    assert not long.keys() - excused


def test_functions_stay_readable() -> None:
    long = [
        f"{name(path)}:{function.lineno} {function.name}"
        for path in python_files()
        for function in functions(path)
        if line_count(function) > FUNCTION_LINES
        and REASON not in lines_of(path)[function.lineno - 1]
    ]
    assert not long


def test_views_only_translate() -> None:
    long = [
        f"{name(path)}:{view.lineno} {view.name}"
        for path in python_files(PACKAGE / "web")
        for view in functions(path)
        if is_view(view) and body_line_count(view) > VIEW_LINES
    ]
    assert not long


def test_readme_shows_the_tree_as_it_is() -> None:
    shown = set(tree_in_readme())
    folders = {f"{path.name}/" for path in ROOT.iterdir() if path.is_dir() and is_ours(path)}
    floors = {
        f"stockscan/{path.name}/" for path in PACKAGE.iterdir() if path.is_dir() and is_ours(path)
    }
    assert not (folders - {".ci/"} | floors) - shown, "README's tree does not show these"
    assert not [path for path in shown if not (ROOT / path).exists()], (
        "only README's tree has these"
    )


# --- floors ---------------------------------------------------------------------------------------


def test_one_place_commits() -> None:
    committing = [name(path) for path in python_files(PACKAGE) if ".commit(" in path.read_text()]
    assert committing == ["stockscan/services/work.py"]


def test_domain_needs_nothing_but_python() -> None:
    # biip is tables and arithmetic: text in, values out; it asks the clock for the century alone.
    allowed = (sys.stdlib_module_names | {"biip"}) - {"random", "secrets", "time"}
    impure = [
        f"{name(path)} imports {module}"
        for path in python_files(PACKAGE / "domain")
        for module in imports(path)
        if module.split(".")[0] not in allowed and not module.startswith("stockscan.domain")
    ]
    assert not impure


def test_ground_floor_has_no_clock_and_no_dice() -> None:
    calls = [
        f"{name(path)}:{call.lineno} {ast.unparse(call)}"
        for floor in ("domain", "labelling")
        for path in python_files(PACKAGE / floor)
        for call in ast.walk(parsed(path))
        if isinstance(call, ast.Call)
        and re.search(r"(\.|^)(now|utcnow|today|uuid1|uuid4|urandom)$", ast.unparse(call.func))
    ]
    assert not calls


def test_labelling_knows_no_framework() -> None:
    impure = [
        f"{name(path)} imports {module}"
        for path in python_files(PACKAGE / "labelling")
        for module in imports(path)
        if module.split(".")[0] in FRAMEWORKS
    ]
    assert not impure


def test_blueprints_do_not_import_one_another() -> None:
    web = PACKAGE / "web"
    # A feature is a file of that floor or, once it has grown, a folder.
    feature = {
        path: path.relative_to(web).parts[0].removesuffix(".py") for path in python_files(web)
    }
    features = {feature[path] for path in feature if "= Blueprint(" in path.read_text()}
    crossing = [
        f"{name(path)} imports {module}"
        for path in feature
        if feature[path] in features
        for module in imports(path)
        if module.startswith("stockscan.web.")
        and module.split(".")[2] in features - {feature[path]}
    ]
    assert not crossing


# --- the door -------------------------------------------------------------------------------------


@on_sqlite
def test_public_list_is_short_and_real(app: Flask) -> None:
    assert len(PUBLIC_ENDPOINTS) <= 24
    assert set(app.view_functions) >= PUBLIC_ENDPOINTS


@on_sqlite
def test_every_other_route_is_behind_the_door(app: Flask, client: FlaskClient) -> None:
    open_routes = [
        f"{method} {rule.rule} answers {answer}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC_ENDPOINTS
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if (answer := answer_to_a_stranger(client, method, rule))
    ]
    assert not open_routes


@on_sqlite
def test_only_get_and_post(app: Flask) -> None:
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert methods <= {"GET", "POST", "HEAD", "OPTIONS"}


@on_sqlite
def test_a_misspelt_name_in_a_template_is_an_error(app: Flask) -> None:
    assert issubclass(app.jinja_env.undefined, StrictUndefined)


# --- templates ------------------------------------------------------------------------------------


def test_templates_carry_nothing_inline() -> None:
    found = [
        f"{name(path)}: {what}"
        for path in templates()
        for what, pattern in INLINE.items()
        if pattern.search(path.read_text())
    ]
    assert not found


def test_templates_use_htmx_through_the_narrow_door() -> None:
    found = {
        f"{name(path)}: {attribute}"
        for path in templates()
        for attribute in re.findall(r"(?<![\w-])hx-[a-z-]+", path.read_text())
        if attribute not in HTMX_ATTRIBUTES
    }
    assert not found


@on_sqlite
def test_addresses_in_templates_lead_somewhere(app: Flask) -> None:
    addresses = app.url_map.bind("stock.test")
    dead = {
        f"{name(path)}: {address}"
        for path in templates()
        for address in re.findall(r'(?:href|action|hx-get|hx-post)="(/[^"]*)"', path.read_text())
        if not any(addresses.test(sample(address), method) for method in ("GET", "POST"))
    }
    assert not dead


# --- what we ship ---------------------------------------------------------------------------------


def test_the_packed_decoder_is_the_decoder() -> None:
    for packed in (ROOT / "static").rglob("*.gz"):
        assert gzip.decompress(packed.read_bytes()) == packed.with_suffix("").read_bytes()


def test_files_name_no_registry_and_no_machine() -> None:
    found = [
        f"{name(path)}: {what}: {hit.group()}"
        for path in text_files()
        for what, pattern in FOREIGN.items()
        if (hit := pattern.search(path.read_text(encoding="utf-8")))
    ]
    assert not found


def sample(address: str) -> str:
    """A path that the address in a template may become, 1 standing for whatever it fills in."""
    return re.sub(r"{{.*?}}", "1", re.sub(r"{%.*?%}|[?#].*", "", address))


def answer_to_a_stranger(client: FlaskClient, method: str, rule: Rule) -> str:
    """Empty when the route sends a stranger away, else what it answers instead."""
    path = re.sub(r"<[^>]*>", "1", rule.rule)
    answer = client.open(path, method=method)
    to_sign_in = answer.status_code == 303 and "/sign-in?" in answer.headers["Location"]
    return "" if to_sign_in or answer.status_code == 401 else answer.status
