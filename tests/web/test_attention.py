"""What waits for a person is in sight, and settled by those who may."""

from flask import Flask

from stockscan.services import operations
from tests.cast import Cast, browser, context, hire, new_id
from tests.shop import Shop

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


def lose_a_race(app: Flask, cast: Cast) -> tuple[str, str]:
    """Two people take an asset offline at once; the ids of both takes, the later one waits."""
    with app.app_context():
        made = {"id": new_id(), "name": "Tablet", "tag": "T-0102"}
        created = operations.create(context(cast.storekeeper), "create_asset", made)
        assert created.result is not None
        first, later = (
            operations.apply(
                context(player),
                {
                    "id": new_id(),
                    "kind": "check_out",
                    "asset": created.result["code"],
                    "to_person": player.code,
                    "queued": True,
                },
            )
            for player in (cast.supervisor, cast.technician)
        )
    assert (first.status, later.status) == ("applied", "attention")
    return str(first.id), str(later.id)


def test_attention_works(app: Flask) -> None:
    cast = hire(app)
    lose_a_race(app, cast)
    page = browser(app, cast.supervisor).get("/attention").get_data(as_text=True)
    assert "Dana Reyes" in page
    assert "Try again" in page
    assert "1 not taken" in browser(app, cast.supervisor).get("/").get_data(as_text=True)


def test_attention_shows_others_only_their_own(app: Flask) -> None:
    cast = hire(app)
    lose_a_race(app, cast)
    mine = browser(app, cast.technician).get("/attention").get_data(as_text=True)
    theirs = browser(app, cast.viewer).get("/attention").get_data(as_text=True)
    assert "Check out" in mine
    assert "Try again" not in mine
    assert "Check out" not in theirs


def test_attention_as_a_fragment(app: Flask) -> None:
    client = browser(app, hire(app).supervisor)
    fragment = client.get("/attention", headers=FRAGMENT).get_data(as_text=True)
    assert 'id="waiting"' in fragment
    assert "<html" not in fragment


def test_trying_again_works_when_the_way_is_free(app: Flask) -> None:
    cast = hire(app)
    first, waiting = lose_a_race(app, cast)
    client = browser(app, cast.supervisor)
    assert client.post(f"/attention/{waiting}/retry").location == "/attention"
    page = client.get("/attention").get_data(as_text=True)
    assert "Not taken. Tablet T-0102 is already out with Ines Weber." in page
    with app.app_context():
        wrong = {"id": new_id(), "kind": "reverse", "operation": first}
        operations.apply(context(cast.supervisor), wrong)
    assert client.post(f"/attention/{waiting}/retry").location == "/attention"
    assert "Nothing waits" in client.get("/attention").get_data(as_text=True)


def test_a_hand_over_is_one_tap_and_counts_once(app: Flask) -> None:
    cast = hire(app)
    _, waiting = lose_a_race(app, cast)
    client = browser(app, cast.supervisor)
    page = client.get("/attention").get_data(as_text=True)
    assert "<b>Tablet T-0102</b>" in page
    assert "Hand over from Ines Weber" in page
    assert f'name="from" value="{cast.supervisor.code}"' in page
    tap = {"id": new_id(), "from": cast.supervisor.code}
    for _ in range(2):
        assert client.post(f"/attention/{waiting}/handover", data=tap).location == "/attention"
        assert "Handed over." in client.get("/attention").get_data(as_text=True)
    holder = client.get("/api/v1/assets/T-0102").get_json()["custodian"]
    assert holder["name"] == "Dana Reyes"
    other = {**tap, "id": new_id()}
    assert client.post(f"/attention/{waiting}/handover", data=other).location == "/attention"
    assert "Nothing was done." in client.get("/attention").get_data(as_text=True)


def test_a_hand_over_of_what_is_with_somebody_else_by_now(app: Flask) -> None:
    cast = hire(app)
    _, waiting = lose_a_race(app, cast)
    client = browser(app, cast.supervisor)
    with app.app_context():
        for raw in ({"kind": "check_in"}, {"kind": "check_out", "to_person": cast.viewer.code}):
            sent = {"id": new_id(), "asset": "T-0102", **raw}
            operations.apply(context(cast.storekeeper), sent)
    old = {"id": new_id(), "from": cast.supervisor.code}
    client.post(f"/attention/{waiting}/handover", data=old)
    page = client.get("/attention").get_data(as_text=True)
    assert "Nothing was done. Tablet T-0102 is with Vera Lind by now." in page
    assert "Hand over from Vera Lind" in page


def test_the_others_are_counted(app: Flask) -> None:
    cast = hire(app)
    with app.app_context():
        early = [{"id": new_id(), "kind": "reverse", "operation": new_id()} for _ in range(51)]
        operations.apply_all(context(cast.technician), early)
    page = browser(app, cast.supervisor).get("/attention").get_data(as_text=True)
    assert "And 1 more." in page


def test_leaving_it_out(app: Flask) -> None:
    cast = hire(app)
    _, waiting = lose_a_race(app, cast)
    client = browser(app, cast.supervisor)
    assert client.post(f"/attention/{waiting}/dismissal").location == "/attention"
    assert client.post(f"/attention/{waiting}/dismissal").status_code == 404


def test_attention_checks_permission(app: Flask) -> None:
    cast = hire(app)
    _, waiting = lose_a_race(app, cast)
    client = browser(app, cast.storekeeper)
    assert client.post(f"/attention/{waiting}/retry").status_code == 403
    assert client.post(f"/attention/{waiting}/dismissal").status_code == 403
    tap = {"id": new_id(), "from": cast.supervisor.code}
    assert client.post(f"/attention/{waiting}/handover", data=tap).status_code == 403


def test_the_lot_that_was_missing_is_one_tap(app: Flask) -> None:
    with app.app_context():
        shop = Shop(hire(app))
        bin_, part = shop.bin("Shelf A-03"), shop.part(name="Grease", tracking="lot")
        for lot in ("L-1", "L-2"):
            shop.ok("receive", part=part, location=bin_, quantity=5, lot=lot)
        taken = {"part": part, "location": bin_, "quantity": 2, "reason": "used"}
        waits = shop.do("issue", by=shop.cast.storekeeper, queued=True, **taken)
        client = browser(app, shop.cast.supervisor)
        page = client.get("/attention").get_data(as_text=True)
        assert "Which lot? Shelf A-03 holds 2 lots of Grease." in page
        assert 'name="lot" value="L-2"' in page
        client.post(f"/attention/{waits.id}/retry", data={"lot": "L-2"})
        assert (shop.on_hand(part, bin_, "L-1"), shop.on_hand(part, bin_, "L-2")) == (5, 3)
