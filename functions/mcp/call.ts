import * as z from 'zod';
import { CALL_KINDS } from '../shared/call-kinds.ts';
import { LABELS, PROFILES } from '../shared/constants.ts';
import { AnySymbol } from '../shared/fields.ts';
import { inHundred, price, signed } from './text.ts';

/** Arguments that several tools take. */
export const SymbolArgument = AnySymbol.describe('The ticker, such as AAPL; BRK-B for a class of shares.');
export const ProfileArgument = z
  .enum(PROFILES)
  .optional()
  .describe("The risk profile; by default the user's preferred one.");
export const CursorArgument = z
  .string()
  .max(2000)
  .optional()
  .describe('The nextCursor of the previous page, with all other arguments unchanged.');

/** The argument for the size of a page. */
export function limitArgument({ standard, max }: { standard: number; max: number }) {
  return z.int().min(1).max(max).default(standard).describe(`How many to list, at most ${max}.`);
}

export const NextCursor = z.string().nullable().describe('Where the next page begins; null at the end.');
export const Notice = z.string().nullable().describe('A notice of the service about all its data.');

/** The fields of a call in every output. */
export const CALL_FIELDS = {
  id: z.string().describe('The id, for explain_recommendation.'),
  label: z.enum(LABELS),
  chance: z.number().describe('The calibrated probability of the call, from 0 to 1.'),
  expectedReturnPct: z
    .number()
    .describe('The expected return less that of the average stock, in percentage points.'),
  horizonDays: z.int().describe('In trading days.'),
  currency: z.string().nullable(),
  close: z.number().nullable().describe('The close that the call is based on.'),
  stopLoss: z.number(),
  takeProfit: z.number(),
  asOf: z.string().describe('The trading day of the data.'),
  kind: z.enum(CALL_KINDS).describe('Only live calls count in the track record.'),
};

type Call = { [K in keyof typeof CALL_FIELDS]: z.output<(typeof CALL_FIELDS)[K]> };

/** The fields of {@link CALL_FIELDS} from the API's form. */
export function toCall(
  call: Omit<Call, 'chance' | 'close'> & { confidence: number; lastClose: number | null },
): Call {
  const { id, label, confidence, expectedReturnPct, horizonDays, currency, lastClose } = call;
  const { stopLoss, takeProfit, asOf, kind } = call;
  return {
    id,
    label,
    chance: confidence,
    expectedReturnPct,
    horizonDays,
    currency,
    close: lastClose,
    stopLoss,
    takeProfit,
    asOf,
    kind,
  };
}

/** A call in one line, which begins with its label. */
export function callLine(call: Call): string {
  const { label, chance, expectedReturnPct, horizonDays, currency, close, stopLoss, takeProfit } = call;
  return [
    `${label}, chance ${inHundred(chance)}`,
    `expected ${signed(expectedReturnPct)} points against the average stock over ${horizonDays} trading days`,
    `close ${price(close, currency)}, stop ${price(stopLoss, currency)}, target ${price(takeProfit, currency)}`,
    `as of ${call.asOf}, ${call.kind}`,
    `id ${call.id}`,
  ].join('; ');
}
