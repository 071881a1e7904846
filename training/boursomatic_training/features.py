"""The model's inputs: columns of the view ``model_inputs``, in the order of the model.

functions/features/definitions.ts defines every column. A new feature becomes an input only when it is added here.
"""

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
"""Values instead of ranks. They move with the market, so a split on one identifies the date as much as the row."""

FEATURES: Final = (*_RANKS, *LEVEL_FEATURES)
"""Mostly ranks within the day, because a rank has the same meaning in every year and universe."""

DIRECTIONS: Final = {
    # Winners of the year without its last month continue to win (Jegadeesh and Titman 1993; Novy-Marx 2012), above all
    # near their high (George and Hwang 2004) and after a gradual rise (Da, Gurun and Warachka 2014).
    "mom_12_1_rank": 1,
    "mom_12_7_rank": 1,
    "ret_120d_rank": 1,
    "intraday_231_rank": 1,
    "dist_high_252_rank": 1,
    "sma_ratio_200_rank": 1,
    "up_share_231_rank": 1,
    # Returns of a calendar month tend to repeat a year later (Heston and Sadka 2008).
    "season_12_rank": 1,
    # Winners of the last days and weeks partly reverse (Jegadeesh 1990; Lehmann 1990), and stocks with a recent jump
    # disappoint (Bali, Cakici and Whitelaw 2011).
    "ret_1d_rank": -1,
    "ret_5d_rank": -1,
    "ret_20d_rank": -1,
    "intraday_20_rank": -1,
    "close_place_5_rank": -1,
    "close_place_20_rank": -1,
    "rsi_14_rank": -1,
    "max_ret_20d_rank": -1,
}
"""Sign of the expected return's dependence on an input, all else equal; inputs without an entry may go either way. All
were published on data before 2008. A few years of one market may ignore a direction, but not reverse it."""

EXPOSURES: Final = ("vol_60d_rank", "illiquidity_20_rank")
"""Inputs of which the target is made independent. A universe of today's large surviving companies holds the volatile
and small companies of the past that did well, but not those that failed. A model that prefers volatile or small stocks
has learnt this selection."""

VOLATILITY_FEATURE: Final = "vol_20d"
"""Annualised standard deviation of daily log returns, the scale of the labels."""

VOLATILITY_INDEX: Final = FEATURES.index(VOLATILITY_FEATURE)
