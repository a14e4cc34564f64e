"""Printing labels at the server's own command line: any number of them, into a file."""

from pathlib import Path
from typing import Final

from stockscan.labelling.printing import Format
from stockscan.services.labels.choosing import Wanted
from stockscan.services.labels.papers import LabelSetup, Paper
from stockscan.services.labels.printing import order_print
from stockscan.services.labels.prints import Print
from stockscan.services.work import Context

# As many as nobody has.
ANY_NUMBER: Final = 10**9


def print_file(
    ctx: Context, setup: LabelSetup, wanted: Wanted, paper: Paper, form: Format, output: Path
) -> Print:
    """Print into a file, however long that takes. Raises as `order_print` does."""
    ordered = order_print(ctx, setup, wanted, paper, form, ctx.new_id(), at_once=ANY_NUMBER)
    assert ordered.file, "nothing is too much at once here"
    output.write_bytes(ordered.file.data)
    return ordered.print
