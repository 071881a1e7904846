/** Tooltips for terms that several views share. */
export const CONFIDENCE_HINT =
  'The chance that the call comes true, as the model estimates it. BUY: the stock clearly beats the average stock. SELL: it clearly lags. HOLD: it stays near the average.';
export const ESTIMATE_HINT =
  'How much more than the average stock the model expects it to return by the end of the horizon. Any single estimate can be far off. In calls of models before v1.0.0, the whole return.';
export const LARGE_MOVE_HINT =
  'The chance that the stock clearly beats or lags the average stock, and if so, the chance that it beats it. 50% is a coin.';
export const HORIZON_HINT = 'The call is about the price after this many trading days.';
export const KEPT_HINT =
  'The latest update failed for this stock, so its last call stays until an update succeeds.';
export const STOP_HINT = 'The price at which to limit a loss.';
export const TARGET_HINT = 'The price at which to take a gain.';
