"""The model's inputs: columns of the view ``model_inputs``, in the order in which the model takes them."""

from typing import Final

__all__ = ["DIRECTIONS", "EXPOSURES", "FEATURES", "LEVEL_FEATURES", "VOLATILITY_FEATURE", "VOLATILITY_INDEX"]

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

DIRECTIONS: Final = {
    # Winners of the year but for its last month go on (Jegadeesh and Titman 1993; Novy-Marx 2012), more so those
    # near their high (George and Hwang 2004) and those that rose little by little (Da, Gurun and Warachka 2014).
    "mom_12_1_rank": 1,
    "mom_12_7_rank": 1,
    "ret_120d_rank": 1,
    "intraday_231_rank": 1,
    "dist_high_252_rank": 1,
    "sma_ratio_200_rank": 1,
    "up_share_231_rank": 1,
    # What a month did, it does again a year later (Heston and Sadka 2008).
    "season_12_rank": 1,
    # Winners of the last days and weeks give some of it back (Jegadeesh 1990; Lehmann 1990), and what has just made
    # a large jump disappoints (Bali, Cakici and Whitelaw 2011).
    "ret_1d_rank": -1,
    "ret_5d_rank": -1,
    "ret_20d_rank": -1,
    "intraday_20_rank": -1,
    "close_place_5_rank": -1,
    "close_place_20_rank": -1,
    "rsi_14_rank": -1,
    "max_ret_20d_rank": -1,
}
"""Which way the expected return may go with an input, all else equal; either way where none is given. Each was
published on data of before 2008: a few years of one market can't overrule it, only make nothing of it."""

EXPOSURES: Final = ("vol_60d_rank", "illiquidity_20_rank")
"""What the target is made independent of. A universe of today's large and living companies has, in its past, the
volatile and the small that did well and not those that did badly: a model that learns to like either has learnt
how the universe was chosen."""

VOLATILITY_FEATURE: Final = "vol_20d"
"""Annualised standard deviation of daily log returns; the labels are scaled by it."""

VOLATILITY_INDEX: Final = FEATURES.index(VOLATILITY_FEATURE)
