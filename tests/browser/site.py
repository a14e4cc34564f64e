"""A workshop behind a real address: the running application, its people and a few labelled things.

Everything that the tests look up in the database is asked here.
"""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext
from sqlalchemy import delete, select
from werkzeug.serving import WSGIRequestHandler, make_server

from stockscan.services import access, people
from stockscan.services.work import reading, unit_of_work
from stockscan.store.assets import Asset, AssetEvent
from stockscan.store.db import dispose
from stockscan.store.people import SignInSession
from stockscan.store.stock import Movement
from tests.apps import make_app
from tests.browser.camera import label_from_pdf
from tests.cast import DEVICE, PASSWORD, Cast, Player, browser, context, hire, new_id
from tests.shop import Shop

# The first slots of an Avery L7160 sheet, in mm from its top left corner.
LEFT_MM, TOP_MM, WIDTH_MM, HEIGHT_MM, PITCH_MM = 7.2, 15.15, 63.5, 38.1, 66.04
IN_THE_BIN = 40
DATABASE, DATA = "stockscan.db", "data"


@dataclass(frozen=True, slots=True)
class Things:
    """The codes of what there is; 40 filters at 12.50 lie in the bin, and no hose."""

    forklift: str
    drill: str
    filter: str
    hose: str
    bin: str


@dataclass(frozen=True, slots=True)
class Site:
    """The running application."""

    app: Flask
    url: str
    cast: Cast
    things: Things

    def printed_labels(self, *codes: str) -> list[Image.Image]:
        """Pictures of up to three labels, cut from the sheet that the application prints."""
        client = browser(self.app, self.cast.storekeeper)
        paper = {"stock": "avery-l7160", "layout": "standard", "start": "1", "format": "pdf"}
        form = {"id": new_id(), "codes": " ".join(codes), **paper}
        answer = client.post("/labels/prints", data=form)
        assert answer.mimetype == "application/pdf", answer.get_data(as_text=True)
        columns = (LEFT_MM + column * PITCH_MM for column in range(len(codes)))
        boxes = [(left, TOP_MM, WIDTH_MM, HEIGHT_MM) for left in columns]
        return [label_from_pdf(answer.data, box_mm=box) for box in boxes]

    def let_in(self, player: Player, phone: BrowserContext) -> None:
        """Sign this person in without the form, whose password hash is slow on purpose."""
        with self.app.app_context(), unit_of_work() as session:
            token = access.start_session(context(player), session, player.id, DEVICE)
        phone.add_cookies([{"name": "stockscan", "value": token, "url": self.url}])

    def give_password(self, player: Player) -> None:
        """Let this person sign in by the form, with the cast's password."""
        with self.app.app_context():
            people.grant_sign_in(
                context(), player.username, username=player.username, password=PASSWORD
            )

    def end_all_sessions(self) -> None:
        """Forget every session, as if all had expired."""
        with self.app.app_context(), unit_of_work() as session:
            session.execute(delete(SignInSession))

    def retire(self, asset: str) -> None:
        """Take an asset out of service for good."""
        with self.app.app_context():
            Shop(self.cast).ok("set_status", asset=asset, status="retired")

    def check_out(self, asset: str, player: Player) -> None:
        """Let somebody have had an asset since the opening day."""
        with self.app.app_context():
            shop = Shop(self.cast, now_us=1_701_000_000_000_000)
            shop.ok("check_out", by=player, asset=asset, to_person=player.code)

    def on_hand(self, part: str) -> int:
        """Whole units of a part in the bin."""
        with self.app.app_context():
            return Shop(self.cast).on_hand(part, self.things.bin)

    def movements(self) -> list[tuple[str, int, int, int | None]]:
        """Kind, quantity (thousandths), value (1/10,000) and asset of what moved since opening."""
        columns = (Movement.kind, Movement.quantity_milli, Movement.value_e4, Movement.asset_id)
        with self.app.app_context(), reading() as connection:
            rows = connection.execute(select(*columns).order_by(Movement.seq)).all()
        return [(kind, quantity, value, asset) for kind, quantity, value, asset in rows[1:]]

    def handovers(self, asset: str) -> list[tuple[str, int | None]]:
        """What happened to an asset, in the order of recording: kind and receiving person's id."""
        query = (
            select(AssetEvent.kind, AssetEvent.to_person_id)
            .where(AssetEvent.asset_id == self.asset_id(asset))
            .order_by(AssetEvent.seq)
        )
        with self.app.app_context(), reading() as connection:
            return [(kind, person) for kind, person in connection.execute(query)]

    def asset_id(self, code: str) -> int:
        """The id of the asset with this label."""
        with self.app.app_context(), reading() as connection:
            return int(connection.execute(select(Asset.id).where(Asset.code == code)).scalar_one())

    def parts_cost_e4(self, asset: str) -> int:
        """What the parts on an asset have cost so far, in 1/10,000."""
        asset_id = self.asset_id(asset)
        return -sum(value for _kind, _quantity, value, on in self.movements() if on == asset_id)


@dataclass(frozen=True, slots=True)
class Furnished:
    """A folder with a SQLite file and its application's data, to be copied, and who is in it."""

    folder: Path
    cast: Cast
    things: Things

    def copy_to(self, folder: Path) -> str:
        """Put the file and the data into `folder`; the address of the copy."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return f"sqlite:///{folder / DATABASE}"


def furnish(template: Path, folder: Path) -> Furnished:
    """Let the cast and the things into a copy of the migrated SQLite file `template`."""
    shutil.copyfile(template, folder / DATABASE)
    app = make_app(f"sqlite:///{folder / DATABASE}", folder / DATA)
    furnished = Furnished(folder, cast := hire(app), _furnish(app, cast))
    dispose(app)
    assert not (folder / f"{DATABASE}-wal").exists(), "everything is in the file"
    return furnished


@contextmanager
def running_site(
    database_url: str, data_dir: Path, furnished: Furnished | None = None
) -> Iterator[Site]:
    """The application on a free port of this machine, with the cast and the things in it.

    They are put there unless the database is a copy of what is `furnished`.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        hosts = "127.0.0.1,localhost"
        app = make_app(database_url, data_dir, PUBLIC_URL=url, TRUSTED_HOSTS=hosts)
        server = make_server(
            "127.0.0.1",
            port,
            _with_whole_files(app),
            threaded=True,
            fd=listener.fileno(),
            request_handler=_Quiet,
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            cast = furnished.cast if furnished else hire(app)
            things = furnished.things if furnished else _furnish(app, cast)
            yield Site(app, url, cast, things)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            dispose(app)


def _with_whole_files(app: WSGIApplication) -> WSGIApplication:
    """Reads files at once: Werkzeug leaves one open whose browser goes away in the middle."""

    def whole(file: IO[bytes], _block_size: int = 0) -> list[bytes]:
        with closing(file):
            return [file.read()]

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return app({**environ, "wsgi.file_wrapper": whole}, start_response)

    return answer


class _Quiet(WSGIRequestHandler):
    """A page asks for thirty files: their lines would bury what a failure says."""

    # typing.override comes with Python 3.12; we run on 3.11 too.
    def log_request(  # type: ignore[explicit-override]
        self, code: int | str = "-", size: int | str = "-"
    ) -> None:
        """Say nothing."""


def _furnish(app: Flask, cast: Cast) -> Things:
    with app.app_context():
        shop = Shop(cast)
        bin_ = shop.bin("Shelf A-03")
        things = Things(
            forklift=shop.asset(name="Forklift Linde E20", location=bin_),
            drill=shop.asset(name="Hammer drill TE 30"),
            filter=shop.part(
                name="Oil filter W 712", part_number="HF-712", location=bin_, cost="12.50"
            ),
            hose=shop.part(name="Hydraulic hose 2 m", part_number="HH-2", location=bin_),
            bin=bin_,
        )
        shop.ok(
            "receive",
            part=things.filter,
            location=bin_,
            quantity=str(IN_THE_BIN),
            unit_cost="12.50",
        )
    return things
