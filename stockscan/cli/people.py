"""Who may come in: people with their roles, and the tokens of programs."""

import sys

import click

from stockscan.cli.installation import context, installation
from stockscan.domain.access import Role
from stockscan.services import access, people


@click.group()
def user() -> None:
    """The people who can sign in."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def user_add(name: str, role: str, password_stdin: bool) -> None:  # noqa: FBT001 - click's way
    """Add someone who signs in as NAME, or give them a new role and password."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with installation():
        added = people.add_user(
            context(), username=name, name=name, role=Role(role), password=password
        )
    click.echo(f"{added.name} signs in as {added.username}, role {added.role}.")


@click.group()
def token() -> None:
    """The tokens that programs use the API with."""


@token.command("add")
@click.argument("name")
@click.option("--for", "purpose", default="API", help="What the token is for.")
def token_add(name: str, purpose: str) -> None:
    """Make an API token that acts as the person who signs in as NAME."""
    with installation():
        made = access.issue_token(context(), name, purpose)
    click.echo(f"A token that acts as {name}. It is shown only this once:")
    click.echo(made)
