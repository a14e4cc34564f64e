"""Where all pages about maintenance hang."""

from flask import Blueprint

blueprint = Blueprint("maintenance", __name__)
