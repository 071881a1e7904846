import { expect, test } from 'vitest';
import { fromUniverse } from '../../../../functions/ingest/providers/symbols.ts';
import { InstrumentSymbol } from '../../../../functions/shared/contracts.ts';

test.each([
  ['AAPL', 'AAPL'],
  [' msft ', 'MSFT'],
  ['BRK.B', 'BRK-B'],
  ['BRK/B', 'BRK-B'],
  ['BRK B', 'BRK-B'],
  ['BRK-B', 'BRK-B'],
  ['bf.b', 'BF-B'],
  ['MOG.A', 'MOG-A'],
  // A slash never separates an exchange.
  ['ABC/L', 'ABC-L'],
  // Letters after a dot that are an exchange at Yahoo: London, Tokyo, Frankfurt.
  ['VOD.L', 'VOD.L'],
  ['7203.T', '7203.T'],
  ['SAP.DE', 'SAP.DE'],
  ['^GSPC', '^GSPC'],
  ['EURUSD=X', 'EURUSD=X'],
])('reads %j from a list of constituents as %s', (text, symbol) => {
  expect(fromUniverse(text)).toBe(symbol);
  expect(InstrumentSymbol.safeParse(symbol).success).toBe(true);
});
