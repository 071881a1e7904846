import type { MarketCapBucket, PeBucket } from '../shared/constants.ts';

/** Classifies companies by size and by valuation, as stored in `market_cap_bucket` and `pe_bucket`, by common limits. */

/** A bucket and its exclusive upper limit. */
interface Bucket<Name extends string> {
  name: Name;
  below: number;
}

/** Market capitalisation in US dollars: small below 2 billion, mid below 10 billion. */
const BY_MARKET_CAP: Bucket<MarketCapBucket>[] = [
  { name: 'small', below: 2e9 },
  { name: 'mid', below: 10e9 },
  { name: 'large', below: Number.POSITIVE_INFINITY },
];

/** Price over earnings of the last twelve months: low below 15, medium below 25. */
const BY_PE: Bucket<PeBucket>[] = [
  { name: 'low', below: 15 },
  { name: 'medium', below: 25 },
  { name: 'high', below: Number.POSITIVE_INFINITY },
];

/**
 * The bucket of a market capitalisation.
 *
 * @param value - in US dollars
 * @returns null if the value is missing or not above zero
 */
export function marketCapBucket(value: number | undefined): MarketCapBucket | null {
  return bucketOf(BY_MARKET_CAP, value);
}

/**
 * The bucket of a price-earnings ratio.
 *
 * @returns null if the ratio is missing or not above zero: a company with losses is not cheap
 */
export function peBucket(value: number | undefined): PeBucket | null {
  return bucketOf(BY_PE, value);
}

function bucketOf<Name extends string>(
  buckets: readonly Bucket<Name>[],
  value: number | undefined,
): Name | null {
  if (value === undefined || !(value > 0) || !Number.isFinite(value)) return null;
  return buckets.find(({ below }) => value < below)?.name ?? null;
}
