import type { MarketCapBucket, PeBucket } from '../shared/constants.ts';

/**
 * How companies are sorted by size and by price: the words of the founding document's `market_cap_bucket` and
 * `pe_bucket`, with the limits that they are usually given.
 */

/** A bucket, and the value from which the next one begins. */
interface Bucket<Name extends string> {
  name: Name;
  below: number;
}

/** Market capitalisation, in the currency of the listing: small below 2 billion, mid below 10. */
const BY_MARKET_CAP: Bucket<MarketCapBucket>[] = [
  { name: 'small', below: 2e9 },
  { name: 'mid', below: 10e9 },
  { name: 'large', below: Number.POSITIVE_INFINITY },
];

/** Price over the earnings of the last twelve months: low below 15, medium below 25. */
const BY_PE: Bucket<PeBucket>[] = [
  { name: 'low', below: 15 },
  { name: 'medium', below: 25 },
  { name: 'high', below: Number.POSITIVE_INFINITY },
];

/**
 * The bucket of a market capitalisation.
 *
 * @returns null where there is no value above zero
 */
export function marketCapBucket(value: number | undefined): MarketCapBucket | null {
  return bucketOf(BY_MARKET_CAP, value);
}

/**
 * The bucket of a price-earnings ratio.
 *
 * @returns null where there is none, and for a company with losses: its ratio is not a low price
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
