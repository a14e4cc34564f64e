"""One label as SVG, in millimetres."""

from xml.sax.saxutils import escape, quoteattr

from stockscan.labelling.fonts import FAMILY
from stockscan.labelling.marks import Drawing, Grid, Text


def label_svg(drawing: Drawing, description: str) -> bytes:
    """A picture that scales freely; `description` is read by screen readers."""
    width, height = _short(drawing.width_mm), _short(drawing.height_mm)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label={quoteattr(description)}>'
    )
    radius = _short(drawing.corner_radius_mm)
    paper = f'<rect width="{width}" height="{height}" rx="{radius}" fill="#fff"/>'
    marks = (_grid(mark) if isinstance(mark, Grid) else _text(mark) for mark in drawing.marks)
    return "\n".join((head, paper, *marks, "</svg>")).encode()


def _grid(grid: Grid) -> str:
    path = "".join(f"M{x} {y}h{w}v{h}h-{w}z" for x, y, w, h in grid.matrix.boxes())
    return (
        f'<path transform="translate({_short(grid.x_mm)} {_short(grid.y_mm)}) '
        f'scale({_short(grid.cell_width_mm)} {_short(grid.cell_height_mm)})" '
        f'd="{path}"/>'
    )


def _text(text: Text) -> str:
    # The words are in visual order already, and `textLength` keeps their width in other fonts.
    weight = "bold" if text.face.bold else "normal"
    return (
        f'<text x="{_short(text.x_mm)}" y="{_short(text.baseline_mm)}" '
        f'font-size="{_short(text.size_mm)}" font-weight="{weight}" '
        f'font-family="{FAMILY}, DejaVu Sans, sans-serif" textLength="{_short(text.width_mm)}" '
        'lengthAdjust="spacingAndGlyphs" direction="ltr" unicode-bidi="bidi-override" '
        f'xml:space="preserve">{escape(text.text)}</text>'
    )


def _short(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")
