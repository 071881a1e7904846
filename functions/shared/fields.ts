import * as z from 'zod';
import { ACCEPTED_SYMBOL, CANONICAL_SYMBOL, canonicalSymbol } from './symbols.ts';

/**
 * Fields of payloads, of the API and of commands. They are apart from the payloads, so that an API function starts
 * without building the pipeline's schemas.
 */

/** A trading or calendar day, `YYYY-MM-DD`. */
export const Day = z.iso.date('is not a date such as 2024-02-29');

const NOT_A_SYMBOL = 'is not a symbol such as AAPL or BRK-B';

/** A symbol in its canonical form, as the project stores it: see {@link canonicalSymbol}. */
export const InstrumentSymbol = z.string().regex(CANONICAL_SYMBOL, NOT_A_SYMBOL);

/** A symbol as a client of the API or an operator writes it, read as its canonical form: `brk.b` is BRK-B. */
export const AnySymbol = z
  .string()
  .regex(new RegExp(`^${ACCEPTED_SYMBOL}$`), NOT_A_SYMBOL)
  .transform(canonicalSymbol);

/** The benchmark of the track record: a symbol, or `none`. */
export const Benchmark = z
  .string()
  .transform((text) => (text === 'none' ? text : canonicalSymbol(text)))
  .refine((text) => text === 'none' || CANONICAL_SYMBOL.test(text), `${NOT_A_SYMBOL}, or none`);

/** The name of an execution of the state machine. */
export const RunId = z.string().min(1).max(80);

/** The version of a model release. */
export const ModelVersionName = z.string().regex(/^v\d+\.\d+\.\d+$/, 'is not a version such as v1.2.3');
