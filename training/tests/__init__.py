"""Tests of the training package."""

import os

# The models here are small, so spinning threads cost more than their work. OpenMP reads this when it is loaded, so it
# is set before LightGBM is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
