"""A line of a parts list as people type it: of a model, or of one machine."""

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from stockscan.web.creating import OperationForm


class LineForm(OperationForm):
    """Which part belongs where, how many of it, how long it lasts."""

    part = StringField("Part", [InputRequired("Say which part.")])
    quantity = StringField("How many", [InputRequired("Say how many.")], default="1")
    place = StringField("Where in the machine")
    life_months = StringField("Lasts, in months")
    meter_life = StringField("Or lasts, by a meter")
    meter = StringField("Which meter")
    critical = BooleanField("The machine stops without it")
