"""Photos and documents of things: by whom, how many, once, and gone without a trace of bytes."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select

from stockscan.domain.access import Role
from stockscan.domain.errors import Conflict, Invalid, NotAllowed, NotFound, RuleBroken
from stockscan.services import files
from stockscan.services.files import MOST_FILES, Sent, Target
from stockscan.services.work import reading
from stockscan.store import edits
from stockscan.store import files as store
from stockscan.store.files import Attached, Blob
from tests.cast import new_id
from tests.shop import Shop

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MANUAL = Sent("Manual.pdf", b"%PDF-1.7 of a forklift")


def photo(colour: str = "red") -> Sent:
    """A photo as a phone sends it."""
    file = BytesIO()
    Image.new("RGB", (640, 480), colour).save(file, "JPEG")
    return Sent("IMG_0001.jpeg", file.getvalue())


def of_asset(code: str) -> list[Attached]:
    """What is attached to the first asset."""
    assert code
    with reading() as connection:
        return store.attachments_of(connection, "asset", 1)


def blobs() -> int:
    """How many different bytes are stored."""
    with reading() as connection:
        return connection.execute(select(func.count()).select_from(Blob)).scalar_one()


def test_files_are_added_once_shown_in_order_and_removed_with_their_bytes(shop: Shop) -> None:
    code, ctx, once = shop.asset(), shop.context(shop.cast.storekeeper), new_id()
    target, sent = Target("asset", code), [photo("red"), MANUAL, photo("blue")]
    assert files.add(ctx, once, target, sent) == 3
    assert files.add(ctx, once, target, sent) == 0, "a retry adds nothing"
    with pytest.raises(Conflict):
        files.add(ctx, once, target, [photo("green")])
    red, manual, blue = of_asset(code)
    assert [file.name for file in (red, manual, blue)] == ["IMG_0001.jpg", "Manual.pdf",
                                                           "IMG_0001.jpg"]  # fmt: skip
    assert [file.is_photo for file in (red, manual, blue)] == [True, False, True]
    assert files.content_of(ctx, manual.id).content == MANUAL.data
    files.make_main(ctx, blue.id)
    assert [file.id for file in of_asset(code)] == [blue.id, red.id, manual.id]
    assert files.page_of(ctx, blue.id).is_main
    for file in (red, manual, blue):
        files.remove(ctx, file.id)
    assert of_asset(code) == []
    assert blobs() == 0
    with pytest.raises(NotFound):
        files.content_of(ctx, red.id)
    with reading() as connection:
        history = edits.edits_of(connection, edits.Thing("asset", 1), limit=9)
    assert [list(edit.changes["file"]) for edit in history][1] == ["Manual.pdf", ""]


def test_the_same_bytes_are_kept_once_and_until_nobody_has_them(shop: Shop) -> None:
    ctx, part, place = shop.context(), shop.part(), shop.bin()
    files.add(ctx, new_id(), Target("part", part), [MANUAL])
    files.add(ctx, new_id(), Target("location", place), [Sent("Copy.pdf", MANUAL.data)])
    assert blobs() == 1
    files.remove(ctx, 1)
    assert files.content_of(ctx, 2).content == MANUAL.data
    files.remove(ctx, 2)
    assert blobs() == 0


def test_what_was_added_at_once_is_one_line_of_the_history(shop: Shop) -> None:
    code = shop.asset()
    for sent in ([photo("red"), photo("blue"), MANUAL], [photo("green")]):
        shop.wait()
        files.add(shop.context(shop.cast.storekeeper), new_id(), Target("asset", code), sent)
    with reading() as connection:
        last, first = store.files_added(connection, "asset", 1, limit=9)
    assert (len(last.photos), len(last.documents)) == (1, 0)
    assert (len(first.photos), [file.name for file in first.documents]) == (2, ["Manual.pdf"])
    assert first.person == "Marco Silva"


@on_sqlite
@pytest.mark.parametrize("role", list(Role))
def test_who_may_add_and_remove(shop: Shop, role: Role) -> None:
    code, ctx = shop.asset(), shop.context(shop.cast.of(role))
    target = Target("asset", code)
    files.add(shop.context(), new_id(), target, [photo("white")])
    assert files.content_of(ctx, 1, thumbnail=True).media_type == "image/jpeg"
    refusals = []
    for act in (
        lambda: files.add(ctx, new_id(), target, [photo()]),
        lambda: files.add(ctx, new_id(), target, [photo(), MANUAL]),
        lambda: files.make_main(ctx, 1),
        lambda: files.remove(ctx, 1),
    ):
        try:
            act()
        except NotAllowed:
            refusals.append(act)
    allowed = {Role.VIEWER: 0, Role.TECHNICIAN: 1}.get(role, 4)
    assert 4 - len(refusals) == allowed


@on_sqlite
def test_every_kind_of_thing_has_files_and_nothing_else(shop: Shop) -> None:
    ctx = shop.context()
    shop.make("model", name="Linde H25D")
    codes = {"model": "Linde H25D", "part": shop.part(), "location": shop.bin()}
    for kind, code in codes.items():
        assert files.add(ctx, new_id(), Target(kind, code), [photo()]) == 1
    assert [files.page_of(ctx, number).code for number in (1, 2, 3)] == [*codes.values()]
    with pytest.raises(NotFound):
        files.add(ctx, new_id(), Target("asset", codes["part"]), [photo()])
    with pytest.raises(NotFound):
        files.add(ctx, new_id(), Target("person", shop.cast.admin.code), [photo()])
    with pytest.raises(NotFound):
        files.add(ctx, new_id(), Target("model", "another"), [photo()])


@on_sqlite
def test_of_several_files_all_are_kept_or_none(shop: Shop) -> None:
    code, ctx = shop.asset(), shop.context()
    broken = Sent("cut.jpg", photo().data[:-200])
    with pytest.raises(Invalid, match=r"cut\.jpg: This picture is broken"):
        files.add(ctx, new_id(), Target("asset", code), [photo(), broken])
    with pytest.raises(Invalid, match="Choose a photo or a document"):
        files.add(ctx, new_id(), Target("asset", code), [])
    several = [Sent(f"{number}.txt", b"%d" % number) for number in range(MOST_FILES)]
    files.add(ctx, new_id(), Target("asset", code), several[1:])
    with pytest.raises(RuleBroken, match="at most 50"):
        files.add(ctx, new_id(), Target("asset", code), several[:2])
    assert len(of_asset(code)) == MOST_FILES - 1
