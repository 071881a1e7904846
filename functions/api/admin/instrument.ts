import * as z from 'zod';
import { MARKET_CAP_BUCKETS, PE_BUCKETS } from '../../shared/constants.ts';
import { InstrumentSymbol } from '../../shared/contracts.ts';
import { problem } from '../core/problem.ts';
import { Instant } from '../lists/fields.ts';
import { toInstrument as toListed } from '../market/instrument.ts';
import { Id, line } from './fields.ts';

/** What an administrator may say of an instrument. */
export const INSTRUMENT_FIELDS = {
  symbol: InstrumentSymbol.describe(
    "The ticker, as Yahoo writes it: `BRK-B`. Active ones are each other's only.",
  ),
  exchange: line(40).describe('Where it is listed, such as `NASDAQ`; `UNKNOWN` where nobody said.'),
  name: line(200).nullable().describe('The name of the company.'),
  sector: line(100).nullable().describe('The sector that it is in.'),
  marketCapBucket: z
    .enum(MARKET_CAP_BUCKETS, { error: `must be one of ${MARKET_CAP_BUCKETS.join(', ')}, or null` })
    .nullable()
    .describe('How large it is.'),
  peBucket: z
    .enum(PE_BUCKETS, { error: `must be one of ${PE_BUCKETS.join(', ')}, or null` })
    .nullable()
    .describe('How dear it is, by price over earnings.'),
};

/** An instrument, as an administrator sees one. */
export const AdminInstrument = z
  .strictObject({
    id: Id,
    ...INSTRUMENT_FIELDS,
    isActive: z.boolean().describe('Whether runs cover it. One that is not keeps its history.'),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({ id: 'AdminInstrument', description: 'An instrument, as an administrator sees one.' });
export type AdminInstrument = z.output<typeof AdminInstrument>;

/** An instrument's row. */
export interface InstrumentRow {
  id: string;
  symbol: string;
  exchange: string;
  name: string | null;
  sector: string | null;
  market_cap_bucket: AdminInstrument['marketCapBucket'];
  pe_bucket: AdminInstrument['peBucket'];
  is_active: boolean;
  created_at: Date;
  updated_at: Date;
}

/** An instrument's row as the API tells it. */
export function toInstrument(row: InstrumentRow): AdminInstrument {
  return {
    id: row.id,
    ...toListed(row),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/**
 * Runs a statement that writes one instrument.
 *
 * @throws ApiError (404) if it wrote none, (409) if another instrument is in the way
 */
export async function writingInstrument(
  write: () => Promise<readonly InstrumentRow[]>,
): Promise<AdminInstrument> {
  const [row] = await write().catch((error: unknown) => {
    throw uniqueConflict(error) ?? error;
  });
  if (!row) throw problem('not-found', 'There is no such instrument.');
  return toInstrument(row);
}

/** A violation of a unique constraint, in words; undefined for any other error. */
function uniqueConflict(error: unknown): Error | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== '23505') return undefined;
  const active = 'constraint_name' in error && error.constraint_name === 'instruments_one_active_per_symbol';
  return problem(
    'conflict',
    active
      ? 'Another active instrument has this symbol: deactivate it first.'
      : 'There is an instrument with this symbol on this exchange: change or reactivate that one.',
  );
}
