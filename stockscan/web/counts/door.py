"""Where all pages about counts hang."""

from flask import Blueprint

blueprint = Blueprint("counts", __name__)
