"""200 hostile texts through every way in: shown as text, refused or resolved, and nothing else."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from stockscan.domain.codes import Kind, read
from stockscan.domain.errors import Invalid
from stockscan.domain.operations import KINDS, SHAPES_WITH_REFERENCES
from tests.cast import browser, hire
from tests.hostile import FAMILIES, PAYLOADS
from tests.shop import Shop
from tests.web.pages import FRAGMENT
