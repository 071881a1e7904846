"""Entry point of ``python -m boursomatic_training``."""

from boursomatic_training.cli import entry_point

if __name__ == "__main__":
    entry_point()
