"""The WSGI entry: `gunicorn app:app` or `flask --app app run`."""

from stockscan.web import create_app

app = create_app()
