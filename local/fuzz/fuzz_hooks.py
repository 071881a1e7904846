"""Mends requests that are to be accepted where JSON Schema cannot say what is right. Read by local/commands/fuzz.ts."""

import schemathesis
from schemathesis import GenerationMode

# Long, of many characters, and none of the commonest.
PASSWORD = "correct horse battery staple"

TODAY = "2013-03-01"


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    # Only a list itself makes cursors of it.
    if isinstance(case.query, dict):
        case.query.pop("cursor", None)
    for part in (case.query, case.body):
        if isinstance(part, dict):
            mend(part)


def mend(part):
    first, last = part.get("from"), part.get("to")
    if isinstance(first, str):
        # Without a last day, today is the last: that of the sample.
        part["from"] = min(first, last if isinstance(last, str) else TODAY)
    if "replay" in part:
        # The mode and the days are those of the run that is replayed.
        for name in ("mode", "from", "to"):
            part.pop(name, None)
    for name in ("password", "newPassword"):
        if isinstance(part.get(name), str):
            part[name] = PASSWORD
