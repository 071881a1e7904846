import * as z from 'zod';
import { LOOKUP_REPLIES_PREFIX, LOOKUPS_PREFIX } from './constants.ts';
import { InstrumentSymbol } from './fields.ts';

/** The most symbols in one lookup. Each takes the vendor up to two requests. */
export const MOST_LOOKED_UP = 10;

/** How long a lookup may take before its symbols count as unavailable. */
export const LOOKED_UP_WITHIN_MS = 8_000;

/** An answer of the vendor about a symbol. */
export const LookedUp = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('found'),
    /** By the source's name; absent where the source does not say. */
    exchange: z.string().optional(),
    name: z.string().optional(),
    sector: z.string().optional(),
  }),
  /** No vendor has recent daily bars of the symbol. */
  z.strictObject({ status: z.literal('unknown') }),
  /** The vendor did not answer, or refused for a reason that a later attempt may not meet. */
  z.strictObject({ status: z.literal('unavailable') }),
]);
export type LookedUp = z.output<typeof LookedUp>;

/** Asks the vendors about symbols that no instrument has. */
export interface SymbolLookup {
  /**
   * @param symbols - in canonical form, at most {@link MOST_LOOKED_UP}
   * @returns one answer for each symbol, in their order
   */
  lookUp(symbols: readonly string[]): Promise<LookedUp[]>;
}

/** A request to look up symbols, stored as an object. */
export const LookupRequest = z.strictObject({
  id: z.uuid(),
  askedAt: z.iso.datetime(),
  symbols: z.array(InstrumentSymbol).min(1).max(MOST_LOOKED_UP),
});
export type LookupRequest = z.output<typeof LookupRequest>;

/** The reply to a request: one answer for each symbol, in their order. */
export const LookupReply = z.strictObject({ answers: z.array(LookedUp) });
export type LookupReply = z.output<typeof LookupReply>;

/** The keys of a request and of the reply to it. */
export const lookupRequestKey = (id: string) => `${LOOKUPS_PREFIX}${id}.json`;
export const lookupReplyKey = (id: string) => `${LOOKUP_REPLIES_PREFIX}${id}.json`;
