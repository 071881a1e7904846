import { expect, test } from 'vitest';
import { marketCapBucket, peBucket } from '../../../functions/ingest/buckets.ts';

test.each([
  [1, 'small'],
  [1_999_999_999, 'small'],
  [2_000_000_000, 'mid'],
  [9_999_999_999, 'mid'],
  [10_000_000_000, 'large'],
  [3_000_000_000_000, 'large'],
])('classifies a market capitalisation of %d as %s', (value, bucket) => {
  expect(marketCapBucket(value)).toBe(bucket);
});

test.each([
  [0.1, 'low'],
  [14.99, 'low'],
  [15, 'medium'],
  [24.99, 'medium'],
  [25, 'high'],
  [900, 'high'],
])('classifies a price-earnings ratio of %d as %s', (value, bucket) => {
  expect(peBucket(value)).toBe(bucket);
});

test.each([undefined, 0, -5, Number.NaN, Number.POSITIVE_INFINITY])('assigns %s to no bucket', (value) => {
  expect(marketCapBucket(value)).toBeNull();
  expect(peBucket(value)).toBeNull();
});
