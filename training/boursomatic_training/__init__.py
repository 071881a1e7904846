"""Trains Boursomatic's models and writes a release that the pipeline can load.

A run passes through the modules in this order: ``universe``, ``dataset``, ``frame``, ``labels`` (with ``factors``),
``walkforward`` (with ``train`` and ``calibrate``), ``predictions``, ``evaluate`` (with ``intervals``), ``incumbent``,
``export``, ``parity``, ``manifest``, ``card``. ``pipeline`` connects them, and ``cli`` is the command.
"""

import os

__all__ = ["__version__"]

__version__ = "0.1.0"

# Set before numpy is loaded. The matrices are small: threads that wait for each other cost more than they save, and the
# order of sums would depend on the number of cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
