"""No page offers anybody what their role does not allow: nothing on it ends in a refusal."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from stockscan.domain.access import Role
from tests.browser.site import Site
from tests.browser.walk import addresses, furnish
from tests.cast import browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

LINK = re.compile(r'<a\b[^>]*\shref="(/[^"]*)"')
FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.DOTALL)
FIELD = re.compile(r'<input\b[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"')
LEAVES = {"/sign-out"}


ROLES = (Role.VIEWER, Role.TECHNICIAN, Role.STOREKEEPER, Role.SUPERVISOR)


def test_what_is_offered_is_allowed(site: Site) -> None:
    paths = addresses(site, furnish(site))
    assert {role: refused(browser(site.app, site.cast.of(role)), paths) for role in ROLES} == {
        role: set() for role in ROLES
    }


def refused(client: FlaskClient, paths: list[str]) -> set[str]:
    """Every link and form on these pages that answers 403 to this person."""
    answers = {path: client.get(path) for path in paths}
    shown = {
        path: answer.get_data(as_text=True)
        for path, answer in answers.items()
        if answer.status_code != 403
    }
    assert "/" in shown
    links = {unescape(link) for page in shown.values() for link in LINK.findall(page)}
    dead = {link for link in one_of_each(client, links) if client.get(link).status_code == 403}
    return dead | forms_refused(client, shown)


def one_of_each(client: FlaskClient, links: set[str]) -> list[str]:
    """One link for each address of the application and each set of things that it asks for."""
    known = client.application.url_map.bind("localhost")
    kinds: dict[object, str] = {}
    for link in sorted(links):
        asked = urlsplit(link)
        try:
            endpoint: object = known.match(asked.path)[0]
        except HTTPException:
            endpoint = asked.path
        kinds.setdefault((endpoint, *sorted(parse_qs(asked.query))), link)
    return list(kinds.values())


def forms_refused(client: FlaskClient, shown: dict[str, str]) -> set[str]:
    """The forms that answer 403 when they are sent as they stand."""
    found = set()
    for path, page in shown.items():
        for form in FORM.findall(page):
            [action] = re.findall(r'^<form\b[^>]*action="([^"]*)"', form)
            values = {name: unescape(value) for name, value in FIELD.findall(form)}
            if action not in LEAVES and client.post(action, data=values).status_code == 403:
                found.add(f"{path}: {action}")
    return found
