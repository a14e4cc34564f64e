"""Setting an installation up and looking after it: init, demo, nightly, check."""

import secrets
import sys
from pathlib import Path

import click

from stockscan.cli.installation import context, installation, shown_url
from stockscan.domain.access import Role
from stockscan.services import checking, people, setup
from stockscan.services.labels import AUTO_LAYOUT, USUAL_STOCK, Paper, Wanted
from stockscan.services.labels.console import print_file
from stockscan.services.nightly import STEPS, run
from stockscan.web.config import Config
from stockscan.web.label_files import setup_of
from stockscan.web.scheduler import night_of

FIRST_ADMIN = "admin"


@click.command()
@click.option("--no-admin", is_flag=True, help="Do not create a first admin.")
def init(no_admin: bool) -> None:  # noqa: FBT001 - click passes a flag by name
    """Create the database or bring it up to date; make a first admin where nobody is."""
    with installation(new=True) as app:
        if not no_admin and not people.is_anyone_here():
            password = secrets.token_urlsafe(12)
            people.add_user(context(), username=FIRST_ADMIN, role=Role.ADMIN, password=password)
            click.echo(f"First admin: sign in as {FIRST_ADMIN} with the password {password}")
            click.echo("It is shown only this once. Change it after signing in.")
        click.echo(f"The database is ready: {shown_url(app)}")
        if code := setup.setup_code():
            click.echo(f"Nobody is here yet. Serve it, open /setup, and give the code {code}")


@click.command()
def demo() -> None:
    """Fill the database with a sample warehouse; again is harmless."""
    with installation(new=True) as app:
        fill(app.config["STOCKSCAN"])


@click.command()
@click.option("--again", is_flag=True, help="Even when today's work is done.")
def nightly(again: bool) -> None:  # noqa: FBT001 - click passes a flag by name
    """Do the night's work now: exit 0, or 1 where a step failed. For cron; harmless twice."""
    with installation() as app:
        done = run(night_of(app), again=again)
    if done is None:
        click.echo("Today's work is done already, or another process is at it.")
        return
    for step in STEPS:
        did = done.report[step.name]
        click.echo(f"{step.title}: {did.get('error', did.get('did'))}")
    if done.failed:
        sys.exit(1)


@click.command()
def check() -> None:
    """Prove that the books are right: exit 0, or 1 and what is wrong."""
    with installation():
        found = checking.check(context())
    for finding in found:
        click.echo(finding)
    if found:
        sys.exit(1)
    click.echo("The books are right.")


def fill(settings: Config) -> None:
    """The sample, and how to sign in to it."""
    from stockscan.services.demo import fill

    made = fill(context())
    if made.left_out:
        click.echo("This database holds a company of its own; the sample was left out.")
        return
    sheet = _sample_labels(settings)
    click.echo("The sample warehouse is in place.")
    if made.password_file:
        click.echo(f"Sign in as {', '.join(map(made.titled, made.sign_ins))}.")
        click.echo(made.password_file.read_text(encoding="ascii").splitlines()[0])
    if sheet:
        click.echo(f"Labels to scan, from the screen or on paper: {sheet}")


def _sample_labels(settings: Config) -> Path | None:
    """A sheet with some of the sample's labels; None while nobody has said the public address."""
    from stockscan.services.demo import LABELS

    sheet = settings.data_dir / "demo-labels.pdf"
    if settings.public_url and not sheet.exists():
        setup, paper = setup_of(settings), Paper(USUAL_STOCK, AUTO_LAYOUT)
        print_file(context(), setup, Wanted(LABELS), paper, "pdf", sheet)
    return sheet if sheet.exists() else None
