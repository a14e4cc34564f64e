"""The `stockscan` command: sets up, runs and looks after an installation on its own machine."""

import click

from stockscan import __version__
from stockscan.cli import files, looking_after, people, serving


@click.group(help="StockScan: assets and spare parts joined at the moment of the scan.")
@click.version_option(__version__)
def main() -> None:
    """The group that the commands below belong to."""


for _command in (
    looking_after.init,
    looking_after.demo,
    people.user,
    people.token,
    serving.serve,
    files.labels,
    files.export,
    files.import_,
    looking_after.nightly,
    looking_after.check,
):
    main.add_command(_command)
