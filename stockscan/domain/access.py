"""Who may do what: roles, permissions and the one question `require` asks."""

from dataclasses import dataclass, replace
from enum import StrEnum

from stockscan.domain.errors import NotAllowed


class Role(StrEnum):
    """The hats people wear, from least to most power."""

    VIEWER = "viewer"
    TECHNICIAN = "technician"
    STOREKEEPER = "storekeeper"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Permission(StrEnum):
    """One entry per thing that can be refused, in alphabetical order."""

    ACCESS_END = "access:end"
    ASSET_MOVE = "asset:move"
    ASSET_RETIRE = "asset:retire"
    ASSET_STATUS = "asset:status"
    ATTENTION_SETTLE = "attention:settle"
    CATALOGUE_EDIT = "catalogue:edit"
    CATALOGUE_EXPORT = "catalogue:export"
    CATALOGUE_IMPORT = "catalogue:import"
    COUNT_APPROVE = "count:approve"
    COUNT_PLAN = "count:plan"
    COUNT_RECORD = "count:record"
    CUSTODY_CHANGE = "custody:change"
    DEVICE_SHARE = "device:share"
    FAULT_REPORT = "fault:report"
    JOB_PLAN = "job:plan"
    JOB_WORK = "job:work"
    LABEL_PRINT = "label:print"
    METER_READ = "meter:read"
    OPERATION_REVERSE_ANY = "operation:reverse-any"
    OPERATION_REVERSE_OWN = "operation:reverse-own"
    PART_INSTALL = "part:install"
    PEOPLE_EDIT = "people:edit"
    PHOTO_ADD = "photo:add"
    PLAN_EDIT = "plan:edit"
    PURCHASE_APPROVE = "purchase:approve"
    PURCHASE_ORDER = "purchase:order"
    PURCHASE_REQUEST = "purchase:request"
    READ = "read"
    SCAN = "scan"
    SETTINGS_EDIT = "settings:edit"
    STOCK_MOVE = "stock:move"
    TOKEN_ISSUE = "token:issue"  # noqa: S105 - the name of a permission, not a secret


_VIEWER = frozenset({Permission.READ, Permission.SCAN, Permission.FAULT_REPORT})
_TECHNICIAN = _VIEWER | {
    Permission.ASSET_MOVE,
    Permission.ASSET_STATUS,
    Permission.COUNT_RECORD,
    Permission.CUSTODY_CHANGE,
    Permission.JOB_WORK,
    Permission.METER_READ,
    Permission.OPERATION_REVERSE_OWN,
    Permission.PART_INSTALL,
    Permission.PHOTO_ADD,
    Permission.PURCHASE_REQUEST,
}
_STOREKEEPER = _TECHNICIAN | {
    Permission.CATALOGUE_EDIT,
    Permission.CATALOGUE_EXPORT,
    Permission.COUNT_PLAN,
    Permission.JOB_PLAN,
    Permission.LABEL_PRINT,
    Permission.PURCHASE_ORDER,
    Permission.STOCK_MOVE,
}
_SUPERVISOR = _STOREKEEPER | {
    Permission.ACCESS_END,
    Permission.ASSET_RETIRE,
    Permission.ATTENTION_SETTLE,
    Permission.CATALOGUE_IMPORT,
    Permission.COUNT_APPROVE,
    Permission.DEVICE_SHARE,
    Permission.OPERATION_REVERSE_ANY,
    Permission.PLAN_EDIT,
    Permission.PURCHASE_APPROVE,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.TECHNICIAN: _TECHNICIAN,
    Role.STOREKEEPER: _STOREKEEPER,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMIN: frozenset(Permission),
}


# Who may come in by one thing alone (a badge or a PIN) on a phone that the company shares: those
# who decide nothing about the work or the access of others.
LOW_RISK = frozenset({Role.VIEWER, Role.TECHNICIAN, Role.STOREKEEPER})


@dataclass(frozen=True, slots=True)
class Actor:
    """The person on whose behalf something happens, and the device it happens on.

    Who is `limited` may change things at some places alone: see `store.limits`.
    """

    person_id: int
    name: str
    role: Role
    device: str = ""
    limited: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether this person's role grants `permission`."""
        return permission in GRANTS[self.role]


def anywhere(actor: Actor) -> Actor:
    """The actor without limits: for messages, which change nobody's things."""
    return replace(actor, limited=False)


def to_take_back(kind: str) -> Permission:
    """What it takes to take back an operation of one's own; everyone may for a fault report."""
    is_fault = kind == "report_fault"
    return Permission.FAULT_REPORT if is_fault else Permission.OPERATION_REVERSE_OWN


def require(actor: Actor | None, permission: Permission) -> Actor:
    """Return the actor if the permission is granted; raise `NotAllowed` otherwise."""
    if actor is None or not actor.may(permission):
        raise NotAllowed(permission=permission.value)
    return actor
