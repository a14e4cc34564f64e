"""Purchasing: asking for parts ahead of the work, approving, ordering, receiving."""

from stockscan.services.purchasing.ahead import AheadPage, ahead
from stockscan.services.purchasing.changing import (
    Wanted,
    add_line,
    change_lines,
    set_email,
    set_note,
    set_supplier,
)
from stockscan.services.purchasing.danger import Cause, Danger, DangerPage, danger
from stockscan.services.purchasing.deciding import (
    Placed,
    approve,
    cancel,
    close_line,
    expect,
    order,
)
from stockscan.services.purchasing.drafts import csv_of, email_link
from stockscan.services.purchasing.figured import Reorder
from stockscan.services.purchasing.raising import Line, ask_for, ask_for_missing, reorder, request
from stockscan.services.purchasing.raising_ahead import Raised, raise_ahead
from stockscan.services.purchasing.reading import (
    Awaited,
    ListPage,
    RequisitionPage,
    awaited,
    requisition_list,
    requisition_page,
)
from stockscan.services.purchasing.reordering import ReorderList, reorder_list
from stockscan.services.purchasing.suppliers import SupplierPage, supplier_page
from stockscan.services.purchasing.told import requisition_json, requisitions_json

__all__ = [
    "AheadPage",
    "Awaited",
    "Cause",
    "Danger",
    "DangerPage",
    "Line",
    "ListPage",
    "Placed",
    "Raised",
    "Reorder",
    "ReorderList",
    "RequisitionPage",
    "SupplierPage",
    "Wanted",
    "add_line",
    "ahead",
    "approve",
    "ask_for",
    "ask_for_missing",
    "awaited",
    "cancel",
    "change_lines",
    "close_line",
    "csv_of",
    "danger",
    "email_link",
    "expect",
    "order",
    "raise_ahead",
    "reorder",
    "reorder_list",
    "request",
    "requisition_json",
    "requisition_list",
    "requisition_page",
    "requisitions_json",
    "set_email",
    "set_note",
    "set_supplier",
    "supplier_page",
]
