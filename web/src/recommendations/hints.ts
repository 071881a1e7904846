/** Tooltips for terms that several views share. */
export const CONFIDENCE_HINT =
  'The chance that this call comes true, as the model estimates it. The model page shows the chance for any stock.';
export const ESTIMATE_HINT =
  'How much the model expects the price to change by the end of the horizon. Any single estimate can be far off.';
export const STOP_HINT = 'The price at which to limit a loss.';
export const TARGET_HINT = 'The price at which to take a gain.';
