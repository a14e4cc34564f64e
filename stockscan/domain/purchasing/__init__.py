"""The words of purchasing: why something is bought, how far it is, how long it takes to come."""

from enum import StrEnum
from typing import NamedTuple


class RequisitionState(StrEnum):
    """How far a requisition is."""

    RAISED = "raised"
    APPROVED = "approved"
    ORDERED = "ordered"
    RECEIVED = "received"
    CANCELLED = "cancelled"


class Source(StrEnum):
    """Why something is to be bought."""

    MAINTENANCE = "maintenance"
    REORDER = "reorder"
    MANUAL = "manual"


class LeadFrom(StrEnum):
    """What a lead time follows from: what is said of the part, else how its deliveries took, else
    what the supplier's other parts take, else the company's setting."""

    SAID = "said"
    DELIVERIES = "deliveries"
    SUPPLIER = "supplier"
    SETTING = "setting"


class Lead(NamedTuple):
    """How many days a part takes to come, and how that is known."""

    days: int
    source: LeadFrom = LeadFrom.SAID

    @property
    def is_known(self) -> bool:
        """Whether somebody has said it; else it is only assumed."""
        return self.source is LeadFrom.SAID
