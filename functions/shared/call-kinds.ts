/** Kinds of calls, as the database derives them when it publishes (docs/adr/0046). Only live calls count in the track record. */
export const CALL_KINDS = ['live', 'backdated', 'hindsight', 'sample'] as const;
export type CallKind = (typeof CALL_KINDS)[number];

/** Why calls of a kind do not count, to a person. */
export const KIND_WORDS: Record<Exclude<CallKind, 'live'>, string> = {
  backdated:
    'A backdated call was published more than four days after its day. It does not count in the track record.',
  hindsight:
    'The model of a hindsight call may have learned from prices of its day or later. The call does not count in the track record.',
  sample: 'A call for sample data does not count in the track record.',
};
