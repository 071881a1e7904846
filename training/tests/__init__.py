"""Tests of the training package."""

import os

# The models here are small, and threads that spin while they wait for work cost more than the work. Read when OpenMP
# is loaded, so it is set before anything imports LightGBM.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
