"""The model's inputs: columns of the view ``model_inputs``, in the order in which the model takes them."""

from typing import Final

__all__ = ["EXPOSURES", "FEATURES", "LEVEL_FEATURES", "VOLATILITY_FEATURE", "VOLATILITY_INDEX"]

_RANKS: Final = (
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

LEVEL_FEATURES: Final = ("ret_1d", "ret_5d", "ret_20d", "mom_12_1", "vol_20d")
"""Not ranks but values, which move with the market: a split on one says as much about the date as about the row."""

FEATURES: Final = (*_RANKS, *LEVEL_FEATURES)
"""Where an instrument stands among the others of its day, which means the same in every year and universe."""

EXPOSURES: Final = ("vol_60d_rank", "illiquidity_20_rank")
"""What the target is made independent of. A universe of today's large and living companies has, in its past, the
volatile and the small that did well and not those that did badly: a model that learns to like either has learnt
how the universe was chosen."""

VOLATILITY_FEATURE: Final = "vol_20d"
"""Annualised standard deviation of daily log returns; the labels are scaled by it."""

VOLATILITY_INDEX: Final = FEATURES.index(VOLATILITY_FEATURE)
