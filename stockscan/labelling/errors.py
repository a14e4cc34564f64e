"""What can go wrong when a label is drawn; every message says what to do."""


class LabellingError(Exception):
    """A label cannot be drawn as asked."""


class LabelSpecError(LabellingError):
    """A stock, a layout or a request for printing contradicts itself.

    `field` is the key of the stock or layout at fault, "" where it is no single one.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class LabelTooSmall(LabellingError):
    """The symbol would be too fine for printers and cameras."""
