"""Corrects requests that must be valid, where JSON Schema cannot express a rule. Loaded by local/commands/fuzz.ts."""

import schemathesis
from schemathesis import GenerationMode

# Long enough, with enough different characters, and not a common password.
PASSWORD = "correct horse battery staple"
NEW_PASSWORD = "violet kettle marsh 91"

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
    # A new password must differ from the old one.
    for name, value in (("password", PASSWORD), ("newPassword", NEW_PASSWORD)):
        if isinstance(part.get(name), str):
            part[name] = value
