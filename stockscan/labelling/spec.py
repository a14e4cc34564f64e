"""What a label is: paper (Stock), what goes where (Layout) and what to say (Label)."""

from dataclasses import dataclass, replace
from typing import Literal

from stockscan.labelling.errors import LabelSpecError

Field = Literal[
    "title", "subtitle", "code", "company", "kind", "serial", "model", "place", "number", "words"
]
Symbol = Literal["qr", "datamatrix"]
Place = Literal["top", "bottom", "footer"]
Kind = Literal["sheet", "roll"]

SHORTEST_MM, LONGEST_MM = 8.0, 1000.0  # of one label of an endless roll


@dataclass(frozen=True, slots=True)
class Area:
    """One label as it is read: its size, and the strips along its edges that stay white."""

    width_mm: float
    height_mm: float
    margin_x_mm: float
    margin_y_mm: float
    corner_radius_mm: float


@dataclass(frozen=True, slots=True)
class Stock:
    """One kind of label paper: a sheet of cells, or a roll whose page is one label.

    Page, cells and margins are as the printer is fed. A `turned` label is read across: its left
    edge leaves the printer first. The labels of an `endless` roll are cut as long as somebody
    chooses; its `page_height_mm` and `label_height_mm` are the usual length.
    """

    slug: str
    name: str
    kind: Kind
    page_width_mm: float
    page_height_mm: float
    columns: int
    rows: int
    label_width_mm: float
    label_height_mm: float
    left_mm: float
    top_mm: float
    pitch_x_mm: float
    pitch_y_mm: float
    corner_radius_mm: float
    source: str
    confidence: str  # how sure the dimensions are: high, medium, nominal, own
    margin_x_mm: float = 0.0  # the printer cannot reach this strip inside each label
    margin_y_mm: float = 0.0
    turned: bool = False
    endless: bool = False
    shortest_mm: float = SHORTEST_MM  # the least that the printer of an endless roll can cut

    @property
    def area(self) -> Area:
        """One label as it is read."""
        width_mm, height_mm = self.label_width_mm, self.label_height_mm
        margin_x_mm, margin_y_mm = self.margin_x_mm, self.margin_y_mm
        if self.turned:
            width_mm, height_mm = height_mm, width_mm
            margin_x_mm, margin_y_mm = margin_y_mm, margin_x_mm
        return Area(width_mm, height_mm, margin_x_mm, margin_y_mm, self.corner_radius_mm)

    @property
    def slots(self) -> int:
        """Labels on one page."""
        return self.columns * self.rows

    @property
    def is_unsure(self) -> bool:
        """Whether too few sources agree on its dimensions: measure before printing a stack."""
        return self.confidence.startswith("medium")

    def cut(self, length_mm: float) -> "Stock":
        """This endless roll cut to labels of this length; 0 is the usual one.

        Raises LabelSpecError for a length that can't be cut, and for paper that isn't endless.
        """
        if not length_mm:
            return self
        if not self.endless:
            raise LabelSpecError(
                f"{self.name} has labels of one length: leave the length empty, or choose an"
                " endless roll"
            )
        if not self.shortest_mm <= length_mm <= LONGEST_MM:
            raise LabelSpecError(
                f"a label of this roll is {self.shortest_mm:g} to {LONGEST_MM:g} mm long, not"
                f" {length_mm:g} mm: choose a length between them"
            )
        return replace(
            self, page_height_mm=length_mm, label_height_mm=length_mm, pitch_y_mm=length_mm
        )

    def cell_mm(self, slot: int) -> tuple[float, float]:
        """Left and top edge of a slot; slots count from 0, row by row."""
        row, column = divmod(slot, self.columns)
        return self.left_mm + column * self.pitch_x_mm, self.top_mm + row * self.pitch_y_mm

    @property
    def rest_mm(self) -> tuple[float, float]:
        """What is left of the page at the right of the last column and below the last row."""
        across_mm = self.left_mm + (self.columns - 1) * self.pitch_x_mm + self.label_width_mm
        down_mm = self.top_mm + (self.rows - 1) * self.pitch_y_mm + self.label_height_mm
        return self.page_width_mm - across_mm, self.page_height_mm - down_mm


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the label as text; `size` is a share of the text block's height."""

    field: Field
    place: Place
    size: float
    rows: int = 1
    bold: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Which fields stand where; it adapts to the size of the label.

    `typed` tells that people must be able to type the code, so that it has to be on the label.
    """

    slug: str
    name: str
    about: str
    qr_share: float  # of the label's width, quiet zone included
    lines: tuple[Line, ...]
    code128: bool = False
    typed: bool = True
    symbol: Symbol = "qr"
    centred: bool = False  # words in the middle of their place, the first lines in its height too
    kinds: tuple[str, ...] = ()  # what it was made for: "asset", "location"…; empty for anything


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody chose for this print: fields to leave out, bars or none, the logo, own words.

    `code128` is None for what the layout says.
    """

    without: frozenset[Field] = frozenset()
    code128: bool | None = None
    logo: bool = True
    words: str = ""


PLAIN_LOOK = Look()


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says. `address` is the text of the QR code, exactly as given."""

    address: str
    code: str
    title: str
    subtitle: str = ""
    kind: str = ""
    company: str = ""
    serial: str = ""
    model: str = ""
    place: str = ""
    number: str = ""  # a part's number, a model's number
    words: str = ""  # the same on all labels of a print, as somebody typed them

    @property
    def shown_code(self) -> str:
        """The code as people read it: `7K3 QX9A`."""
        return f"{self.code[:3]} {self.code[3:]}"

    def text(self, field: Field) -> str:
        """The words that stand on the label for this field."""
        if field == "code":
            return self.shown_code
        text: str = getattr(self, field).strip()
        if field == "serial" and text and not text.upper().startswith(("SN", "S/N")):
            return f"SN {text}"
        return text.capitalize() if field == "kind" else text


@dataclass(frozen=True, slots=True)
class Printer:
    """What one printer needs so that print and die-cut meet."""

    offset_x_mm: float = 0.0  # moves a PDF page to the right
    offset_y_mm: float = 0.0  # moves a PDF page downwards
    scale_x: float = 1.0  # of a PDF page, about its centre
    scale_y: float = 1.0
    dots_per_mm: float = 8.0  # of its head; PNG and ZPL are drawn in them
