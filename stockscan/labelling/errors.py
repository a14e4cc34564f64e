"""What can go wrong when a label is drawn; every message says what to do."""


class LabellingError(Exception):
    """A label cannot be drawn as asked."""


class LabelSpecError(LabellingError):
    """A stock, a layout or a request for printing contradicts itself."""


class LabelTooSmall(LabellingError):
    """The symbol would be too fine for printers and cameras."""
