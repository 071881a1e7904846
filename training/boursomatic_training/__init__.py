"""Trains Boursomatic's models and writes a release that the pipeline can load.

Read the modules in the order in which a run passes through them: ``dataset``, ``frame``, ``labels``, ``walkforward``
(with ``train`` and ``calibrate``), ``evaluate`` (with ``intervals``), ``incumbent``, ``export``, ``parity``,
``manifest``, ``card``. ``pipeline`` strings them together and ``cli`` is the command.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
