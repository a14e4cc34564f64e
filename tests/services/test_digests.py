"""Digests by e-mail, over real SMTP: once a day to whoever chose them, if anything waits."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask

from stockscan.domain.digests import Digest
from stockscan.domain.errors import RuleBroken
from stockscan.domain.figures import to_us
from stockscan.services import digests, operations
from stockscan.services.certificates import Authority
from stockscan.services.digests.post import Mailbox, read_mailbox
from tests.cast import Player, context, hire, new_id
from tests.mail import PASSWORD, UNKNOWN, USER, MailServer, mail_server
from tests.shop import Shop

# A Sunday and a Monday, at noon where the server stands.
SUNDAY, MONDAY = (to_us(datetime(2026, 3, day, 12).astimezone()) for day in (8, 9))
ADDRESS = "http://stock.test"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def subscribe(player: Player, *kinds: Digest, weekly: bool = False, email: str = "") -> None:
    """Somebody gives their address and chooses digests."""
    mine = {
        "id": new_id(),
        "person": player.code,
        "email": email or f"{player.username}@example.com",
    }
    assert operations.edit(context(player), "edit_person", mine).done
    digests.choose(context(player), kinds, weekly=weekly)


def short_of_filters(shop: Shop) -> None:
    """A part is low, a drill is late."""
    shop.part(name="Hydraulic filter", part_number="HF-1", reorder_point="6")
    out = {"to_person": shop.cast.technician.code, "due_on": "2026-03-01"}
    shop.ok("check_out", asset=shop.asset(name="Drill", tag="D-1"), **out)


def send(server: MailServer, at_us: int) -> int:
    return digests.send_letters(context(now_us=at_us), server.mailbox, ADDRESS)


def test_each_gets_what_they_chose_once_a_day(shop: Shop, server: MailServer) -> None:
    short_of_filters(shop)
    cast = shop.cast
    subscribe(cast.storekeeper, Digest.LOW, Digest.OVERDUE, Digest.WARRANTIES)
    subscribe(cast.supervisor, Digest.OVERDUE, weekly=True)
    subscribe(cast.technician, Digest.WARRANTIES, Digest.COUNTS)
    subscribe(cast.admin)
    assert send(server, SUNDAY) == 1
    assert send(server, SUNDAY) == 0, "once a day"
    assert server.received == ["marco@example.com"]
    letter = server.letters[0]
    assert letter["Subject"] == "StockScan: low stock 1, not brought back 1"
    text = letter.get_content()
    assert "- Hydraulic filter HF-1: 0 pcs, reorder at 6" in text
    assert "- Drill D-1: with Dana Reyes since it was due 1 Mar 2026" in text
    assert f"{ADDRESS}/parts?stock=low" in text
    assert send(server, MONDAY) == 2
    assert sorted(server.received[1:]) == ["ines@example.com", "marco@example.com"]


@on_sqlite
def test_one_address_that_is_refused_costs_nobody_else_a_letter(
    app: Flask, server: MailServer
) -> None:
    with app.app_context():
        shop = Shop(hire(app))
        short_of_filters(shop)
        subscribe(shop.cast.viewer, Digest.LOW, email=UNKNOWN)
        subscribe(shop.cast.storekeeper, Digest.LOW)
        with pytest.raises(RuleBroken, match=r"1 letters sent; not taken: Vera Lind .*No such"):
            send(server, SUNDAY)
        assert server.received == ["marco@example.com"]
        subscribe(shop.cast.viewer, Digest.LOW, email="vera@example.com")
        assert send(server, SUNDAY) == 1, "what was not taken is tried again"


@on_sqlite
def test_a_server_that_does_not_answer_is_told_and_tried_again(
    app: Flask, server: MailServer
) -> None:
    with app.app_context():
        shop = Shop(hire(app))
        short_of_filters(shop)
        subscribe(shop.cast.storekeeper, Digest.LOW)
        nobody = Mailbox("127.0.0.1", 9, encrypted=False, sender="a@example.com")
        with pytest.raises(RuleBroken, match="The mail server takes no letters"):
            digests.send_letters(context(now_us=SUNDAY), nobody, ADDRESS)
        assert digests.send_letters(context(now_us=SUNDAY), None, ADDRESS) == 0
        assert send(server, SUNDAY) == 1


def test_a_password_goes_encrypted_to_a_server_that_proves_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path / "own")
    leaf = authority.fresh_leaf(datetime.now(UTC), {"127.0.0.1"})
    safe = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    safe.load_cert_chain(leaf)
    with mail_server(safe) as server:
        url = f"smtp://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{server.port}"
        mailbox = read_mailbox(url, "stockscan@example.com")
        with pytest.raises(OSError, match="certificate"), mailbox.open():
            pass
        root = authority.root()
        assert root
        (tmp_path / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "root.pem"))
        with mailbox.open() as post:
            post.send("dana@example.com", "Grüße", "Zwölf Stück\n")
    assert [letter["Subject"] for letter in server.letters] == ["Grüße"]
    assert server.letters[0].get_content().strip() == "Zwölf Stück"


@pytest.mark.parametrize(
    "url", ["http://mail", "mail.example.com", "smtp://", "smtp://mail:port", "smtp://mail/x"]
)
def test_an_address_that_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL must be like"):
        read_mailbox(url, "stockscan@example.com")
