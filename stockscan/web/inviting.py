"""The page with a fresh invitation: shown to the admin who made it, this once."""

from urllib.parse import quote, urlsplit

from flask import Response, current_app, request

from stockscan.services import access
from stockscan.services.settings import settings_in_force
from stockscan.web import htmx
from stockscan.web.config import ALWAYS_TRUSTED
from stockscan.web.qr import qr_path
from stockscan.web.security import current_context


def invitation_page(ref: str) -> Response:
    """Invite a person and show the link; no address leads back to this page."""
    made = access.invite(current_context(), ref)
    base = current_app.config["STOCKSCAN"].public_url or request.host_url.rstrip("/")
    link = f"{base}/invitations/{made.token}"
    company = settings_in_force().company
    return htmx.render(
        "people/invitation.html",
        "main",
        person=made.person,
        link=link,
        only_here=urlsplit(link).hostname in ALWAYS_TRUSTED,
        qr=qr_path(link),
        mail=_mail(made.person.email, company, made.person.name, link),
        days=access.INVITATION_DAYS,
    )


def _mail(to: str, company: str, name: str, link: str) -> str:
    """The address that opens the reader's own mail program with the invitation written."""
    subject = f"Your sign-in at {company}"
    body = (
        f"Hello {name},\n\nopen this link on your phone or computer and choose a password:\n\n"
        f"{link}\n\nIt works once, within {access.INVITATION_DAYS} days.\n"
    )
    return f"mailto:{quote(to, safe='@')}?subject={quote(subject)}&body={quote(body)}"
