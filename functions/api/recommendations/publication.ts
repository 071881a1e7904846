import * as z from 'zod';
import { CALL_KINDS } from '../../shared/call-kinds.ts';
import { LABELS, PROFILES } from '../../shared/constants.ts';
import { Day, Instant } from '../lists/fields.ts';

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The fields of a publication without its calls. */
export const PUBLICATION_FIELDS = {
  id: z.int().describe('Its number; the first is 1, and no number is missing.'),
  asOf: Day.describe('The as-of of its run: no bar of a later day was read.'),
  runId: z.string().describe('The id of its run.'),
  publishedAt: Instant.describe('When it was published by the clock of the database, in UTC.'),
  releaseSha256: Sha256.nullable().describe(
    "SHA-256 of the manifest.json of the model's release, in hexadecimal; null if unknown.",
  ),
  previous: Sha256.nullable().describe('The `sha256` of the publication before; null for the first.'),
};

const price = (what: string) => z.number().nullable().describe(what);

const PublishedCall = z
  .strictObject({
    id: z.uuid().describe('The id of the recommendation.'),
    symbol: z.string().describe("The instrument's symbol when it was published."),
    exchange: z.string().describe("The instrument's exchange when it was published."),
    instrumentId: z.uuid().describe('The id of the instrument, which a new symbol does not change.'),
    profile: z.enum(PROFILES).describe('The risk profile.'),
    label: z.enum(LABELS).describe('The call.'),
    confidence: z.number().nullable().describe('The calibrated probability of the call.'),
    expectedReturnPct: z
      .number()
      .nullable()
      .describe('The expected return less that of the average stock, in percentage points.'),
    horizonDays: z.int().nullable().describe('The horizon in trading days.'),
    stopLoss: price('The price at which to limit the loss.'),
    takeProfit: price('The price at which to take the profit.'),
    close: price('The close of `asOf` as it was then.'),
    atr: price('The average true range of 14 days as it was then.'),
    currency: z.string().nullable().describe('ISO 4217 code of the prices; null if unknown.'),
    asOf: Instant.describe('Day of the newest bar that the call is based on.'),
    generatedAt: Instant.describe('When it was published, in UTC.'),
    kind: z.enum(CALL_KINDS).describe('The kind, as in `Recommendation`.'),
    modelVersion: z.string().describe('The model version.'),
    runId: z.string().describe('The id of the run.'),
    reasonsSha256: Sha256.describe(
      'SHA-256 of the canonical JSON of its `explanation`, `featuresSnapshot` and `justification`.',
    ),
  })
  .meta({ id: 'PublishedCall', description: 'A call as it was published.' });

export const Publication = z
  .strictObject({
    ...PUBLICATION_FIELDS,
    calls: z.array(PublishedCall).describe('Sorted by symbol and profile.'),
  })
  .meta({ id: 'Publication', description: 'The calls that one run published.' });
