import type { Recommendation } from '../../api-types.d.ts';

/** Why a call does not count in the track record, by its kind. */
export const KIND_HINTS: Record<Exclude<Recommendation['kind'], 'live'>, string> = {
  backdated:
    'A backdated call was published more than four days after its day. It does not count in the track record.',
  hindsight:
    'The model of a hindsight call may have learned from prices of its day or later. The call does not count in the track record.',
  sample: 'A call for sample data does not count in the track record.',
};

/** Tooltips for terms that several views share. */
export const CONFIDENCE_HINT =
  'The chance that the call comes true, as the model estimates it. BUY: the stock clearly beats the average stock. SELL: it clearly lags. HOLD: it stays near the average.';
export const ESTIMATE_HINT =
  'How much more than the average stock the model expects it to return by the end of the horizon, in percentage points. Any single estimate can be far off.';
export const LARGE_MOVE_HINT =
  'The chance that the stock clearly beats or clearly lags the average stock by the end of the horizon.';
export const UP_HINT =
  'The chance that the stock beats the average stock, if it clearly beats or lags it. A coin has 50%.';
export const MARKET_HINT =
  'The model was trained and tested on US stocks only. Its calls for this market are not validated.';
export const HORIZON_HINT = 'The call is about the price after this many trading days.';
export const KEPT_HINT =
  'The latest update failed for this stock, so its last call stays until an update succeeds.';
export const STOP_HINT = 'The price at which to limit a loss.';
export const TARGET_HINT = 'The price at which to take a gain.';
