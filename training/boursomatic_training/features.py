"""The model's inputs: columns of the view ``model_inputs``, in the order in which the model takes them."""

from typing import Final

__all__ = ["FEATURES", "MARKET_FEATURES", "VOLATILITY_FEATURE", "VOLATILITY_INDEX"]

_OWN: Final = (
    "ret_1d",
    "ret_5d",
    "ret_20d",
    "ret_60d",
    "ret_120d",
    "ret_252d",
    "mom_12_1",
    "dist_high_252",
    "dist_low_252",
    "sma_ratio_20",
    "sma_ratio_50",
    "sma_ratio_200",
    "momentum_5d",
    "rsi_14",
    "macd_hist",
    "bollinger_pct_b",
    "adx_14",
    "vol_20d",
    "vol_60d",
    "vol_ratio",
    "atr_pct",
    "volume_zscore",
    "illiquidity_20",
    "max_ret_20d",
)

_RANKS: Final = (
    "ret_1d_rank",
    "ret_5d_rank",
    "ret_20d_rank",
    "ret_60d_rank",
    "mom_12_1_rank",
    "vol_60d_rank",
    "volume_zscore_rank",
    "dist_high_252_rank",
    "illiquidity_20_rank",
)

MARKET_FEATURES: Final = (
    "market_ret_1d",
    "market_ret_20d",
    "market_mom_12_1",
    "market_vol_20d",
    "market_breadth_200",
)
"""The day's market: one value a day, shared by all instruments."""

FEATURES: Final = (*_OWN, *_RANKS, *MARKET_FEATURES)
"""Left out of the view's columns: close_price and atr_14, which move with the price level."""

VOLATILITY_FEATURE: Final = "vol_20d"
"""Annualised standard deviation of daily log returns; the bands of the labels are scaled by it."""

VOLATILITY_INDEX: Final = FEATURES.index(VOLATILITY_FEATURE)
