"""What no schema can say of a valid request, mended before it is sent."""

from itertools import count

import schemathesis

numbers = count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    if not case.meta or not case.meta.generation.mode.is_positive:
        return
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
