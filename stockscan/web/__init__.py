"""The web floor: `create_app` puts it together."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from stockscan.paths import TEMPLATES
from stockscan.store import db
from stockscan.web import (
    access,
    api,
    asset_or_stock,
    assets,
    attention,
    bulk,
    config,
    counts,
    custody,
    device,
    digests,
    errors,
    exporting,
    fields,
    files,
    filters,
    found,
    headers,
    health,
    home,
    importing,
    installs,
    invitations,
    label_calibration,
    label_checks,
    label_layouts,
    label_logo,
    label_prints,
    label_stocks,
    labels,
    lists,
    locations,
    maintenance,
    meters,
    models,
    moving,
    nightly,
    parts,
    people,
    printers,
    profile,
    purchasing,
    pwa,
    reports,
    scan,
    search,
    security,
    settings,
    setup,
    static,
    stock,
    supplies,
    trust,
    unknown,
    utilisation,
)
from stockscan.web.config import Config
from stockscan.web.urls import RowNumber

BLUEPRINTS: tuple[Blueprint, ...] = (
    access.blueprint,
    api.blueprint,
    asset_or_stock.blueprint,
    assets.blueprint,
    attention.blueprint,
    bulk.blueprint,
    counts.blueprint,
    custody.blueprint,
    device.blueprint,
    digests.blueprint,
    fields.blueprint,
    files.blueprint,
    exporting.blueprint,
    found.blueprint,
    health.blueprint,
    home.blueprint,
    importing.blueprint,
    installs.blueprint,
    invitations.blueprint,
    label_calibration.blueprint,
    label_checks.blueprint,
    label_layouts.blueprint,
    label_logo.blueprint,
    label_prints.blueprint,
    label_stocks.blueprint,
    labels.blueprint,
    lists.blueprint,
    locations.blueprint,
    maintenance.blueprint,
    meters.blueprint,
    models.blueprint,
    moving.blueprint,
    nightly.blueprint,
    parts.blueprint,
    people.blueprint,
    printers.blueprint,
    profile.blueprint,
    purchasing.blueprint,
    pwa.blueprint,
    reports.blueprint,
    scan.blueprint,
    search.blueprint,
    settings.blueprint,
    stock.blueprint,
    supplies.blueprint,
    setup.blueprint,
    trust.blueprint,
    unknown.blueprint,
    utilisation.blueprint,
)
LARGEST_BODY = 16 * 1024 * 1024


def create_app(given: Mapping[str, Any] | None = None) -> Flask:
    """The application, set up from the environment and `given` (see `web.config.load`).

    Raises `WrongSetting`, a `SystemExit` with a sentence, for a setting that can't be used.
    """
    settings = config.load(given)
    app = Flask("stockscan", template_folder=str(TEMPLATES), static_folder=None)
    _configure(app, settings)
    db.init_app(app, settings.database_url)
    headers.init_app(app)
    security.init_app(app)
    errors.init_app(app)
    filters.init_app(app)
    static.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _trust_proxies(app, settings.proxies)
    return app


def _configure(app: Flask, settings: Config) -> None:
    app.config.update(
        STOCKSCAN=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
    )
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _trust_proxies(app: Flask, count: int) -> None:
    """Believe X-Forwarded-* only from as many proxies as the settings name."""
    if count:
        proxied = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
        app.wsgi_app = proxied  # type: ignore[method-assign]
