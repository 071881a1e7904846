import { expect, test } from 'vitest';
import { fromYahoo, toYahoo } from '../../../../../functions/ingest/providers/yahoo/yahoo-symbols.ts';

test('keeps symbols as they are, in capitals', () => {
  expect(toYahoo('BRK-B')).toBe('BRK-B');
  expect(fromYahoo('brk-b')).toBe('BRK-B');
});
