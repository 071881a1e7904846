"""Trains Boursomatic's models and writes a release that the pipeline can load.

A run passes through the modules in this order: ``dataset``, ``frame``, ``labels``, ``walkforward``
(with ``train`` and ``calibrate``), ``evaluate`` (with ``intervals``), ``incumbent``, ``export``, ``parity``,
``manifest``, ``card``. ``pipeline`` connects them, and ``cli`` is the command.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
