"""Corrects requests that must be valid, where JSON Schema cannot express a rule. Loaded by local/commands/fuzz.ts."""

import schemathesis
from schemathesis import GenerationMode

# Long enough, hard to guess, and different from each other.
PASSWORDS = {
    "password": "correct horse battery staple",
    "newPassword": "a lantern over wet cobbles",
}

TODAY = "2013-03-01"


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    # Only a response contains valid cursors.
    if isinstance(case.query, dict):
        case.query.pop("cursor", None)
    for part in (case.query, case.body):
        if isinstance(part, dict):
            correct(part)


def correct(part):
    first, last = part.get("from"), part.get("to")
    if isinstance(first, str):
        # Without `to`, the range ends today, the sample's last day.
        part["from"] = min(first, last if isinstance(last, str) else TODAY)
    if "replay" in part:
        # A replay takes mode and days from the replayed run.
        for name in ("mode", "from", "to"):
            part.pop(name, None)
    for name, password in PASSWORDS.items():
        if isinstance(part.get(name), str):
            part[name] = password
