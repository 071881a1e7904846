/**
 * What can change about the calls for a stock and a profile, as Publish stores it in `call_changes`:
 * - `label`: a call has another label than the one before
 * - `stop`, `target`: a bar reached the stop or the target of a BUY or SELL
 * - `withheld`: a call may no longer be acted on, and no run renewed it
 * - `new`: the first call
 * - `back`: a call again, after the one before had been withheld
 */
export const CHANGE_KINDS = ['label', 'stop', 'target', 'withheld', 'new', 'back'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];
