"""Errors that the user can fix."""

__all__ = ["BadInputError"]


class BadInputError(Exception):
    """The arguments, the environment or the data can't be used. The message is one line with the reason."""

    code = "BAD_INPUT"

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))
