"""What goes in and out as files: labels, exports, imports."""

import sys
from pathlib import Path
from typing import Any, get_args

import click

from stockscan.cli.installation import context, installation, now_us
from stockscan.labelling.printing import Format
from stockscan.labelling.spec import Field, Look
from stockscan.services import exporting
from stockscan.services.labels import Paper, Wanted
from stockscan.services.labels.choosing import LISTS, Listed
from stockscan.services.labels.console import print_file
from stockscan.web.label_files import setup_of


@click.command()
@click.argument("codes", nargs=-1)
@click.option("--place", default="", help="A place and all that is in it.")
@click.option("--all", "listed", type=click.Choice(LISTS), help="All of a list.")
@click.option("--stock", required=True, help="The sheet or roll, such as avery-l7160.")
@click.option("--layout", default="standard", show_default=True, help="Or auto, by kind of thing.")
@click.option("--start", default=1, show_default=True, help="The first free label of the sheet.")
@click.option("--copies", default=1, show_default=True, type=click.IntRange(1), help="Of each.")
@click.option("--length-mm", default=0.0, help="Of one label, on an endless roll.")
@click.option("--code128", is_flag=True, default=None, help="Bars for old scanners too.")
@click.option("--without", multiple=True, type=click.Choice(get_args(Field)), help="Leave it out.")
@click.option("--words", default="", help="Words on every label.")
@click.option("--no-logo", is_flag=True, help="Leave the logo out.")
@click.option("--format", "form", default="pdf", type=click.Choice(["pdf", "zpl", "svg", "png"]))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def labels(
    *,
    codes: tuple[str, ...],
    place: str,
    listed: str | None,
    form: Format,
    output: Path,
    **how: Any,
) -> None:
    """Print the labels of the things behind CODES into a file, any number of them."""
    look = Look(frozenset(how["without"]), how["code128"], not how["no_logo"], how["words"])
    paper = Paper(how["stock"], how["layout"], how["start"], how["copies"], how["length_mm"], look)
    wanted = Wanted(codes, place, listed=Listed(listed) if listed else None)
    with installation() as app:
        setup = setup_of(app.config["STOCKSCAN"])
        printed = print_file(context(), setup, wanted, paper, form, output)
    for warning in printed.warnings:
        click.echo(warning, err=True)
    click.echo(f"{printed.total} labels in {output}.")


@click.command("export")
@click.argument("what", type=click.Choice([exporting.EVERYTHING, *exporting.LISTS]))
@click.option("--format", "form", default="csv", type=click.Choice(["csv", "xlsx", "json"]))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def export(what: str, form: str, out: Path) -> None:
    """Write a list, or everything (as CSV: a zip), into a file."""
    unfinished = out.with_name(f"{out.name}.part")
    with installation(), unfinished.open("wb") as file:
        file.writelines(exporting.export(context(), what, form).chunks)
    unfinished.replace(out)
    click.echo(f"{what}: {out}, {out.stat().st_size} bytes.")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", help="What is in it, such as asset or stock.  [default: by its headers]")
@click.option("--dry-run", is_flag=True, help="Check every row and import none.")
@click.option("--map", "maps", multiple=True, help='"Header=field"; an empty field leaves it out.')
@click.option("--only-good", is_flag=True, help="Import the good rows, leave the wrong ones out.")
@click.option("--as", "username", help="Who imports, by sign-in name.  [default: the first admin]")
def import_(
    *,
    file: Path,
    kind: str | None,
    dry_run: bool,
    maps: tuple[str, ...],
    only_good: bool,
    username: str | None,
) -> None:
    """Import a CSV or XLSX FILE: exit 0, 1 while rows are wrong, 2 if it can't be read.

    The wrong rows go to FILE-errors.csv beside it.
    """
    from stockscan.services.importing.console import Asked, acting, import_file

    with installation():
        ctx = context(acting(username) if username else None)
        asked = Asked(kind or "", maps, dry_run, only_good)
        came = import_file(ctx, file, now_us, asked)
    for line in came.lines:
        click.echo(line)
    sys.exit(came.exit_code)
