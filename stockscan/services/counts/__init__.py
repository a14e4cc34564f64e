"""Counting: recording a count, answering its questions, reviewing and posting it."""

from stockscan.services.counts.answering import retime
from stockscan.services.counts.asking import open_asked
from stockscan.services.counts.assigning import (
    Assignments,
    assignments,
    hand_over,
    share,
    stretch_of,
)
from stockscan.services.counts.audit_pages import (
    AuditPage,
    AuditRoom,
    audit_choices,
    audit_list,
    audit_page,
    audit_plan,
    audit_room,
    audit_rows,
    audit_scene,
)
from stockscan.services.counts.auditing import (
    cancel_audit,
    finish_room,
    open_audit,
    settle_audit,
    submit_audit,
)
from stockscan.services.counts.board import Board, board
from stockscan.services.counts.carrying import my_sheet, my_sheets
from stockscan.services.counts.classes import Classes, classes, classify
from stockscan.services.counts.deciding import cancel, order_recount, reject_lines
from stockscan.services.counts.opening import open_count, start_draft
from stockscan.services.counts.planning import counters, preview
from stockscan.services.counts.plans import Opened, Plan, usual_tolerance
from stockscan.services.counts.posting import approve_lines, post
from stockscan.services.counts.reading import list_counts, read_count
from stockscan.services.counts.recording import count
from stockscan.services.counts.reviewing import Review, review, seen_within, within
from stockscan.services.counts.scheduling import calendar, due
from stockscan.services.counts.seeing import audit, unsee, unsettle
from stockscan.services.counts.settling import settle_misplaced
from stockscan.services.counts.stories import Story, counter_id, story
from stockscan.services.counts.submitting import close, submit
from stockscan.services.counts.undoing import void_count
from stockscan.store.counts.listed import Filters
from stockscan.store.counts.reviewing import Show

__all__ = [
    "Assignments",
    "AuditPage",
    "AuditRoom",
    "Board",
    "Classes",
    "Filters",
    "Opened",
    "Plan",
    "Review",
    "Show",
    "Story",
    "approve_lines",
    "assignments",
    "audit",
    "audit_choices",
    "audit_list",
    "audit_page",
    "audit_plan",
    "audit_room",
    "audit_rows",
    "audit_scene",
    "board",
    "calendar",
    "cancel",
    "cancel_audit",
    "classes",
    "classify",
    "close",
    "count",
    "counter_id",
    "counters",
    "due",
    "finish_room",
    "hand_over",
    "list_counts",
    "my_sheet",
    "my_sheets",
    "open_asked",
    "open_audit",
    "open_count",
    "order_recount",
    "post",
    "preview",
    "read_count",
    "reject_lines",
    "retime",
    "review",
    "seen_within",
    "settle_audit",
    "settle_misplaced",
    "share",
    "start_draft",
    "story",
    "stretch_of",
    "submit",
    "submit_audit",
    "unsee",
    "unsettle",
    "usual_tolerance",
    "void_count",
    "within",
]
