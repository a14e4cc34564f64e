"""What the tests of pages share: reading a page, and sending its forms as a browser would."""

import re
from html import unescape

from flask.testing import FlaskClient

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    """The words of a page, without its marks."""
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return words(answer.get_data(as_text=True))


def words(page: str) -> str:
    """The words between the marks, with single blanks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))


def hidden_fields(client: FlaskClient, path: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with that action, as any browser sends them."""
    page = client.get(path).get_data(as_text=True)
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form, f"no form for {action} on {path}"
    fields = re.findall(r'<input[^>]*type="hidden"[^>]*>', form.group())
    pairs = [(re.search(r'name="([^"]*)"', f), re.search(r'value="([^"]*)"', f)) for f in fields]
    return {name.group(1): unescape(value.group(1)) for name, value in pairs if name and value}
