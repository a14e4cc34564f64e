"""Settings: good ones are taken, wrong ones stop the start with a sentence."""

from pathlib import Path
from typing import Any

import pytest

from stockscan.web.config import Config, WrongSetting, load


def loaded(tmp_path: Path, **given: Any) -> Config:
    return load({"DATA_DIR": tmp_path / "data", **given})


def test_the_database_lies_in_the_data_folder(tmp_path: Path) -> None:
    assert loaded(tmp_path).database_url == f"sqlite:///{tmp_path / 'data' / 'stockscan.db'}"


def test_the_environment_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOCKSCAN_PUBLIC_URL", "https://stock.example.com/")
    assert loaded(tmp_path).public_url == "https://stock.example.com"


def test_the_secret_key_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    first, again = loaded(tmp_path), loaded(tmp_path)
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) >= 64
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret.key"]


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert loaded(tmp_path).secret_key != loaded(tmp_path / "other").secret_key


def test_trusted_hosts_come_from_the_addresses(tmp_path: Path) -> None:
    settings = loaded(tmp_path, PUBLIC_URL="https://Stock.example.com:8443", BIND_HOST="10.0.0.5")
    known = {"localhost", "127.0.0.1", "::1", "stock.example.com", "10.0.0.5"}
    assert settings.trusted_hosts == known


def test_trusted_hosts_can_be_listed(tmp_path: Path) -> None:
    listed = loaded(tmp_path, TRUSTED_HOSTS="a.example, .b.example,[fd00::1]")
    assert listed.trusted_hosts == {"a.example", ".b.example", "fd00::1"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("DATABASE_URL", "nonsense"),
        ("PUBLIC_URL", "stock.example.com"),
        ("PUBLIC_URL", "ftp://stock.example.com"),
        ("PUBLIC_URL", "https://stock.example.com/app"),
        ("PUBLIC_URL", "http://host:99999"),
        ("SECRET_KEY", "short"),
        ("TRUSTED_HOSTS", ""),
        ("TRUSTED_HOSTS", "http://a.example"),
        ("PROXIES", "-1"),
        ("DATA_DIR", "/dev/null/data"),
    ],
)
def test_wrong_settings_stop_the_start(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=f"^STOCKSCAN_{name}"):
        loaded(tmp_path, **{name: value})
