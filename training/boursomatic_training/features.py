"""The model's inputs: columns of the view ``model_inputs``, in the order of the model.

functions/features/definitions.ts defines every column. A new feature becomes an input only when it is added here.
"""

from typing import Final

__all__ = ["EXPOSURES", "EXPOSURE_INDEXES", "FEATURES", "VOLATILITY_FEATURE"]

FEATURES: Final = (
    "ret_1d_rank",
    "ret_5d_rank",
    "ret_20d_rank",
    "intraday_20_rank",
    "close_place_5_rank",
    "close_place_20_rank",
    "rsi_14_rank",
    "ret_60d_rank",
    "ret_120d_rank",
    "mom_12_1_rank",
    "mom_12_7_rank",
    "season_12_rank",
    "up_share_231_rank",
    "intraday_231_rank",
    "overnight_231_rank",
    "sma_ratio_200_rank",
    "dist_high_252_rank",
    "max_ret_20d_rank",
    "volume_zscore_rank",
    "volume_ratio_5_60_rank",
    "vol_ratio_rank",
    "vol_60d_rank",
    "illiquidity_20_rank",
)
"""Ranks within the day alone, because a rank has the same meaning in every year and universe, and one instrument can be
placed in a stored table of the day."""

EXPOSURES: Final = ("vol_60d_rank", "illiquidity_20_rank")
"""Inputs of which the labels and the score are made independent. A universe of today's large surviving companies holds
the volatile and small companies of the past that did well, but not those that failed. A model that prefers volatile or
small stocks has learned this selection."""

EXPOSURE_INDEXES: Final = [FEATURES.index(name) for name in EXPOSURES]

VOLATILITY_FEATURE: Final = "vol_20d"
"""Annualised standard deviation of daily log returns, the scale of the labels."""
