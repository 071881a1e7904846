/** Kinds of calls, as the database derives them when it publishes (docs/adr/0046). Only live calls count in the track record. */
export const CALL_KINDS = ['live', 'backdated', 'hindsight', 'sample'] as const;
export type CallKind = (typeof CALL_KINDS)[number];

/** Why calls of a kind do not count, to a person. */
export const KIND_WORDS: Record<Exclude<CallKind, 'live'>, string> = {
  backdated:
    'These calls were made more than four days after the day that they are for. They do not count in the track record.',
  hindsight:
    'The model may have learned from prices of this day or later. These calls do not count in the track record.',
  sample: 'These calls are for sample data. They do not count in the track record.',
};
