"""What can go wrong in a way that the person at the keyboard can mend."""

__all__ = ["BadInputError"]


class BadInputError(Exception):
    """The arguments, the environment or the data can't be used; the message is one line that says why."""

    code = "BAD_INPUT"

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))
