"""Which files are kept: told by their content, under a name that harms nobody."""

import zipfile
from io import BytesIO

import pytest

from stockscan.domain.documents import LARGEST_BYTES, recognised, safe_name
from stockscan.domain.errors import Invalid, TooLarge

PDF = b"%PDF-1.7\n..."
JPEG = b"\xff\xd8\xff\xe0 and so on"
HEIC = b"\x00\x00\x00\x18ftypheic and so on"


def packed(**parts: bytes) -> bytes:
    """A ZIP file with these parts; two underscores stand for a slash, one before the end a dot."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return written.getvalue()


XLSX = packed(xl__workbook_xml=b"<workbook/>")
DOCX = packed(word__document_xml=b"<document/>")
ODS = packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")


@pytest.mark.parametrize(
    ("name", "data", "kept_as", "media_type"),
    [
        ("Manual.PDF", PDF, "Manual.pdf", "application/pdf"),
        ("manual", PDF, "manual.pdf", "application/pdf"),
        ("a.txt", "Größe".encode("cp1252"), "a.txt", "text/plain"),
        ("a.csv", b"a;b\r\n1;2\r\n", "a.csv", "text/csv"),
        ("b.xlsx", XLSX, "b.xlsx", None),
        ("b.docx", DOCX, "b.docx", None),
        ("b.ods", ODS, "b.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("IMG_1.png", JPEG, "IMG_1.jpg", "image/jpeg"),
        ("image", JPEG, "image.jpg", "image/jpeg"),
    ],
)
def test_files_are_known_by_what_is_in_them(
    name: str, data: bytes, kept_as: str, media_type: str | None
) -> None:
    document = recognised(name, data)
    assert document.name == kept_as
    assert media_type in {None, document.media_type}
    assert document.is_photo == (document.media_type == "image/jpeg")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.pdf", b"<html>", "a.pdf is not what its name says"),
        ("a.html", b"<script>alert(1)</script>", "a.html is not what its name says"),
        ("a.svg", b"<svg/>", "nothing that is kept here"),
        ("a.exe", b"MZ\x00\x01", "nothing that is kept here"),
        ("a.zip", packed(a_txt=b"x"), "nothing that is kept here"),
        ("a.xlsm", packed(xl__workbook_xml=b"", xl__vbaProject_bin=b""), "has macros in it"),
        ("a.xlsx", b"PK\x03\x04 and no more", "is broken"),
        ("a.docx", XLSX, "is not what its name says"),
        ("a.jpg", PDF, "is not what its name says"),
        ("a.jpg", HEIC, "Most Compatible"),
        ("a.gif", b"GIF89a...", "Send it as JPEG or PNG"),
        ("a.txt", b"", "is empty"),
    ],
)
def test_what_is_not_kept_is_refused_with_what_to_do(name: str, data: bytes, says: str) -> None:
    with pytest.raises(Invalid, match=r"\w\.") as refused:
        recognised(name, data)
    assert says in refused.value.message
    assert refused.value.field == "file"


def test_a_document_whose_packing_is_broken_is_refused() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.text" * 40)
    broken = bytearray(file.getvalue())
    at = broken.find(b"mimetype") + 8
    broken[at : at + 6] = bytes(each ^ 0xFF for each in broken[at : at + 6])
    with pytest.raises(Invalid, match="is broken"):
        recognised("a.odt", bytes(broken))


def test_a_file_has_a_largest_size() -> None:
    assert recognised("a.pdf", PDF.ljust(LARGEST_BYTES, b" "))
    with pytest.raises(TooLarge):
        recognised("a.pdf", PDF.ljust(LARGEST_BYTES + 1, b" "))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\Plan B.pdf", "Plan B.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ("invoice\u202efdp.exe", "invoice fdp.exe"),
        ("Gro\u0308ße «1».pdf", "Größe «1».pdf"),
        ("  .htaccess", "htaccess"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_is_the_last_part_without_what_misleads(name: str, safe: str) -> None:
    assert safe_name(name) == safe
