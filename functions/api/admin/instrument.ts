import * as z from 'zod';
import {
  CHOSEN_PURPOSES,
  MARKET_CAP_BUCKETS,
  PE_BUCKETS,
  PURPOSES,
  type Purpose,
} from '../../shared/constants.ts';
import { AnySymbol, InstrumentSymbol } from '../../shared/fields.ts';
import { Id, Instant } from '../lists/fields.ts';
import { choice, textParameter } from '../lists/parameters.ts';
import { Currency, type InstrumentRow, Marks, toInstrument } from '../resources/instrument.ts';

const PURPOSE =
  '`recommended`: it gets recommendations. `reference`: it gets none, and others are compared with it. `both`.';

/** The fields of an instrument that administrators set. */
export const EDITABLE_FIELDS = {
  symbol: AnySymbol.describe(
    "The ticker in Yahoo's spelling, such as `BRK-B`. `brk.b` is read as `BRK-B`. It is unique among active instruments.",
  ),
  exchange: textParameter(40).describe('The exchange, such as `NASDAQ`; `UNKNOWN` if it is not known.'),
  name: textParameter(200).nullable().describe("The company's name."),
  sector: textParameter(100).nullable().describe("The company's sector."),
  marketCapBucket: z
    .enum(MARKET_CAP_BUCKETS, { error: `must be one of ${MARKET_CAP_BUCKETS.join(', ')}, or null` })
    .nullable()
    .describe("The company's size by market capitalisation."),
  peBucket: z
    .enum(PE_BUCKETS, { error: `must be one of ${PE_BUCKETS.join(', ')}, or null` })
    .nullable()
    .describe('The price/earnings range.'),
  purpose: choice(CHOSEN_PURPOSES).describe(PURPOSE),
};

/** An instrument, as an administrator sees one. */
export const AdminInstrument = z
  .strictObject({
    id: Id,
    ...EDITABLE_FIELDS,
    symbol: InstrumentSymbol.describe("The ticker in Yahoo's spelling, such as `BRK-B`."),
    purpose: choice(PURPOSES).describe(`${PURPOSE} \`benchmark\`: it only shows what the market returned.`),
    isBenchmark: z
      .boolean()
      .describe('Whether the track record compares calls with it. A setting of the installation chooses it.'),
    currency: Currency,
    marks: Marks,
    isActive: z.boolean().describe('Whether runs cover the instrument. An inactive one keeps its history.'),
    createdAt: Instant.describe('When the instrument was added, in UTC.'),
    updatedAt: Instant.describe('When the instrument last changed, in UTC.'),
  })
  .meta({ id: 'AdminInstrument', description: 'An instrument, as administrators see it.' });
export type AdminInstrument = z.output<typeof AdminInstrument>;

/** All columns of an instrument. */
export interface AdminInstrumentRow extends InstrumentRow {
  id: string;
  purpose: Purpose;
  is_benchmark: boolean;
  created_at: Date;
  updated_at: Date;
}

/** Converts a row to the API's form. */
export function toAdminInstrument(row: AdminInstrumentRow): AdminInstrument {
  return {
    id: row.id,
    ...toInstrument(row),
    purpose: row.purpose,
    isBenchmark: row.is_benchmark,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
