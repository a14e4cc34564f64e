"""What watches the server sees whether it lives and can serve."""

from pathlib import Path

from flask.testing import FlaskClient

from stockscan.store.db import dispose, migrate
from stockscan.web import create_app


def test_healthz_works(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_readyz_works(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "database": True, "migrations": True}


def test_readyz_tells_of_missing_migrations(unmigrated_url: str, tmp_path: Path) -> None:
    app = create_app({"DATABASE_URL": unmigrated_url, "DATA_DIR": tmp_path, "TESTING": True})
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "database": True, "migrations": False}
    migrate(unmigrated_url)
    assert app.test_client().get("/readyz").status_code == 200
    dispose(app)


def test_readyz_tells_of_a_dead_database(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1"
    app = create_app({"DATABASE_URL": nowhere, "DATA_DIR": tmp_path, "TESTING": True})
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "database": False, "migrations": False}
    dispose(app)
