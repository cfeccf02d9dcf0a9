"""What no schema can say of a request, valid or not, mended before it is sent."""

from itertools import count

import schemathesis

numbers = count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    if not case.meta:
        return
    if not case.meta.generation.mode.is_positive:
        # Text that is too long only by the space around it is trimmed, and accepted.
        case.body = filled(case.body)
        return
    if isinstance(case.body, dict):
        mend_body(case)
    # A cursor is one that the server gave; no other is valid.
    if case.query:
        case.query.pop("cursor", None)
    # In its coverage phase, schemathesis sends the number 0 as a valid entity tag.
    headers = case.headers or {}
    for name in ("if-match", "if-none-match"):
        if headers.get(name) in (0, "0"):
            del headers[name]
    # A key names one request: the same key with another body is refused.
    if "idempotency-key" in headers:
        headers["idempotency-key"] = f"key-{next(numbers)}"


def filled(value):
    if isinstance(value, str):
        return value.replace("\u00a0", "x")
    if isinstance(value, list):
        return [filled(one) for one in value]
    if isinstance(value, dict):
        return {name: filled(one) for name, one in value.items()}
    return value


def mend_body(case):
    # An id that is made up names nothing; null is as valid.
    for name in ("projectId", "parentId"):
        if case.body.get(name) is not None:
            case.body[name] = None
    # An API token ends in the future; null, never, is as valid.
    if case.body.get("expiresAt") is not None:
        case.body["expiresAt"] = None
    # A task that recurs needs a due date, near its start, and a rule that gives days.
    if case.body.get("recurrence"):
        case.body["dueDate"] = "2026-12-01"
        case.body["recurrence"] = {**case.body["recurrence"], "rule": "FREQ=DAILY"}
        case.body["recurrence"].pop("start", None)
    elif "dueDate" in case.body:
        case.body["recurrence"] = None
    # A move goes either before or after something.
    if case.operation.path.endswith("/move"):
        case.body.pop("after", None)
        case.body["before"] = None
