import { expect, test } from 'vitest';
import { fromYahoo, toYahoo } from '../../../../../functions/ingest/providers/yahoo/yahoo-symbols.ts';

test('keeps symbols in capitals unchanged', () => {
  expect(toYahoo('BRK-B')).toBe('BRK-B');
  expect(fromYahoo('brk-b')).toBe('BRK-B');
});
