"""One label as PNG, every module on whole pixels."""

from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFont

from stockscan.labelling.marks import Drawing, Grid, Text

_FINER = 4  # text is drawn larger and reduced, so that its width is that of the drawing


def label_png(drawing: Drawing, dots_per_mm: float) -> bytes:
    """A grey-scale picture whose size on paper is written into the file."""
    size = (round(drawing.width_mm * dots_per_mm), round(drawing.height_mm * dots_per_mm))
    large = Image.new("L", (size[0] * _FINER, size[1] * _FINER), 255)
    cells = Image.new("L", size, 255)
    for mark in drawing.marks:
        if isinstance(mark, Text):
            _text(ImageDraw.Draw(large), mark, dots_per_mm * _FINER)
        else:
            _grid(ImageDraw.Draw(cells), mark, dots_per_mm)
    picture = ImageChops.darker(large.reduce(_FINER), cells)
    buffer = BytesIO()
    dpi = dots_per_mm * 25.4
    picture.save(buffer, "PNG", dpi=(dpi, dpi))
    return buffer.getvalue()


def _text(draw: ImageDraw.ImageDraw, text: Text, dots_per_mm: float) -> None:
    font = ImageFont.truetype(
        text.face.path, text.size_mm * dots_per_mm, layout_engine=ImageFont.Layout.BASIC
    )
    at = (text.x_mm * dots_per_mm, text.baseline_mm * dots_per_mm)
    draw.text(at, text.text, fill=0, font=font, anchor="ls")


def _grid(draw: ImageDraw.ImageDraw, grid: Grid, dots_per_mm: float) -> None:
    left, top = round(grid.x_mm * dots_per_mm), round(grid.y_mm * dots_per_mm)
    across, down = grid.cell_width_mm * dots_per_mm, grid.cell_height_mm * dots_per_mm
    for x, y, width, height in grid.matrix.boxes():
        x0, y0 = left + round(x * across), top + round(y * down)
        x1 = max(x0 + 1, left + round((x + width) * across))
        y1 = max(y0 + 1, top + round((y + height) * down))
        draw.rectangle((x0, y0, x1 - 1, y1 - 1), fill=0)
