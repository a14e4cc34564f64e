"""QR codes as drawings inside a page: a path that templates put into an SVG."""

from stockscan.labelling import symbols


def qr_path(text: str) -> tuple[int, str]:
    """Side length in modules and SVG path of a QR code; nothing for an empty text."""
    if not text:
        return 0, ""
    matrix = symbols.qr(text)
    boxes = sorted(matrix.boxes())
    path = "".join(f"M{x} {y}h{width}v{height}h-{width}z" for x, y, width, height in boxes)
    return matrix.width, path
