"""Corrects requests that must be valid, where JSON Schema cannot express a rule. Loaded by local/commands/fuzz.ts."""

import schemathesis
from schemathesis import GenerationMode

# Long enough, with enough different characters, and not a common password.
PASSWORD = "correct horse battery staple"
NEW_PASSWORD = "violet kettle marsh 91"

TODAY = "2013-03-01"

# What each kind of channel needs.
CONFIGS = {
    "email": {"address": "reader@example.com"},
    "webhook": {"url": "https://hooks.example.com/calls"},
    "ntfy": {"topic": "calls"},
    "telegram": {"botToken": "123456789:" + "a" * 35, "chatId": "123456789"},
    "discord": {"url": "https://discord.com/api/webhooks/123456789012345678/" + "a" * 68},
    "slack": {"url": "https://hooks.slack.com/services/T00000000/B00000000/" + "a" * 24},
}
DIGEST = {"frequency": "daily", "time": "07:00", "weekday": None}


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    # Only a response contains valid cursors.
    if isinstance(case.query, dict):
        case.query.pop("cursor", None)
        # JSON Schema knows no calendar.
        case.query.pop("since", None)
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
    if "config" in part:
        part["config"] = CONFIGS.get(part.get("kind"), part["config"])
    # A rule of another kind than a digest has none of its members. A change does not name the kind.
    if part.get("kind") == "digest":
        part.update(DIGEST)
    elif any(name in part for name in DIGEST):
        for name in DIGEST:
            part.pop(name, None)
        part.setdefault("isOn", True)
    if "timeZone" in part:
        part["timeZone"] = "Europe/Paris"
    # Quiet hours have both ends, which differ, or none.
    if "quietFrom" in part or "quietTo" in part:
        part["quietFrom"], part["quietTo"] = "22:00", "07:00"
    # Only a response names channels.
    if "channelIds" in part:
        part["channelIds"] = None
