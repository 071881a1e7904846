import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  API_KEY_LENGTH,
  hashApiKey,
  isApiKey,
  isWholeApiKey,
  makeApiKey,
} from '../../../../functions/api/core/api-key.ts';

/** A key with the lowest random part. Its CRC-32 was computed with Python's `zlib.crc32`. */
const LOWEST = `bmk_${'0'.repeat(43)}2CZclj`;

describe('an API key', () => {
  const key = makeApiKey();

  test('has a recognisable prefix, and letters and digits only', () => {
    expect(key).toMatch(/^bmk_[0-9A-Za-z]{49}$/);
    expect(key).toHaveLength(API_KEY_LENGTH);
    expect(isApiKey(key)).toBe(true);
    expect(isWholeApiKey(key)).toBe(true);
  });

  test('is different each time, in all of its random digits', () => {
    const keys = Array.from({ length: 300 }, makeApiKey);
    expect(new Set(keys).size).toBe(300);
    // The first of 43 digits of 256 bits is 0 to 59; the others take all 62 values.
    for (let place = 5; place < 47; place++)
      expect(new Set(keys.map((one) => one[place])).size).toBeGreaterThan(50);
  });

  test('ends with a checksum that other programs can compute', () => {
    expect(isWholeApiKey(LOWEST)).toBe(true);
  });

  test('is hashed as a whole with SHA-256', () => {
    expect(hashApiKey(key)).toEqual(createHash('sha256').update(key).digest());
  });

  test('with one wrong character is not whole', () => {
    for (let place = 0; place < key.length; place++) {
      const wrong = key[place] === 'x' ? 'y' : 'x';
      expect(isWholeApiKey(key.slice(0, place) + wrong + key.slice(place + 1))).toBe(false);
    }
  });

  test.each([
    ['cut at the end', key.slice(0, -1)],
    ['cut at the beginning', `bmk_${key.slice(5)}`],
    ['without its prefix', key.slice(4)],
    ['with more behind it', `${key}0`],
    ['with a line break', `${key}\n`],
    ['written twice', key + key],
    ['in capital letters', key.toUpperCase()],
    ['of the prefix alone', 'bmk_'],
    ['of nothing', ''],
  ])('%s is not whole', (_what, text) => {
    expect(isWholeApiKey(text)).toBe(false);
  });
});
