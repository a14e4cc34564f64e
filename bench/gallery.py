"""The pictures to be read and what each says: public ones from a folder, frames that we draw.

Serves them on the loopback, with our scripts and the other decoders, to a page in Chromium.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

from bench.frames import frames

HERE = Path(__file__).parent
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
# The folders that the survey counted; some others of the sets hold what nobody reads.
SETS = {
    "QR": "qrcode-[1-6]",
    "Code 128": "code128-[1-3]",
    "Data Matrix": "datamatrix-[1-4]",
    "false positives": "falsepositives-[12]",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """Where the browser gets it, the group it counts in and the texts that are right for it."""

    address: str
    group: str
    texts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gallery:
    """Pictures with the bodies of those that were drawn."""

    pictures: list[Picture]
    drawn: dict[str, bytes] = field(default_factory=dict)


def public_images(folder: Path) -> Gallery:
    """The black-box images of the zxing-cpp project below a folder, as far as they are there."""
    pictures = []
    for path in sorted(folder.glob("*/*")):
        group = next((name for name, like in SETS.items() if fnmatch(path.parent.name, like)), None)
        if group and path.suffix.lower() in PICTURES:
            address = f"/images/{quote(path.relative_to(folder).as_posix())}"
            pictures.append(Picture(address, group, _texts(path)))
    return Gallery(pictures)


def drawn_frames(*, seed: int) -> Gallery:
    """The camera frames of `bench.frames`."""
    gallery = Gallery([])
    for number, frame in enumerate(frames(seed=seed)):
        address = f"/frames/{number}.jpg"
        group = f"{frame.kind}/{frame.symbology}"
        texts = frozenset([frame.text] if frame.text else [])
        gallery.pictures.append(Picture(address, group, texts))
        gallery.drawn[address] = frame.picture
    return gallery


def _texts(path: Path) -> frozenset[str]:
    if (text := path.with_suffix(".txt")).exists():
        return frozenset([text.read_bytes().decode()])
    if (binary := path.with_suffix(".bin")).exists():
        content = binary.read_bytes()
        return frozenset([content.hex(), content.decode("latin-1")])
    return frozenset()


@contextmanager
def served(images: Path, drawn: Mapping[str, bytes]) -> Iterator[str]:
    """The address of a server for the bench page and all it needs."""
    roots = {
        "static": HERE.parent / "static",
        "node_modules": HERE / "node_modules",
        "images": images,
        "bench": HERE / "www",
    }

    class Handler(SimpleHTTPRequestHandler):
        extensions_map = {  # noqa: RUF012 - the library's own attribute
            **SimpleHTTPRequestHandler.extensions_map,
            ".mjs": "text/javascript",
            ".wasm": "application/wasm",
        }

        def do_GET(self) -> None:
            if self.path not in drawn:
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(drawn[self.path])))
            self.end_headers()
            self.wfile.write(drawn[self.path])
            return None

        def translate_path(self, path: str) -> str:
            root, _, rest = path.partition("?")[0].lstrip("/").partition("/")
            return str(roots.get(root, roots["bench"]) / unquote(rest))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
