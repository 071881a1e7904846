import { openFileProvider } from '../file-provider.ts';
import type { FileProvider, Listing } from '../provider.ts';

const TECHNOLOGY = 'Information Technology';
const COMMUNICATION = 'Communication Services';

/** The sample's instruments, with sectors of today's Global Industry Classification Standard. */
const LISTINGS: readonly Listing[] = [
  { symbol: 'AAPL', exchange: 'NASDAQ', name: 'Apple Inc.', sector: TECHNOLOGY },
  { symbol: 'FB', exchange: 'NASDAQ', name: 'Facebook, Inc.', sector: COMMUNICATION },
  { symbol: 'GOOG', exchange: 'NASDAQ', name: 'Google Inc.', sector: COMMUNICATION },
  {
    symbol: 'IBM',
    exchange: 'NYSE',
    name: 'International Business Machines Corporation',
    sector: TECHNOLOGY,
  },
  { symbol: 'MSFT', exchange: 'NASDAQ', name: 'Microsoft Corporation', sector: TECHNOLOGY },
];

/**
 * Opens the sample that comes with the project (local/sample/stocks.csv.gz): five instruments, 2000 to
 * March 2013. Its prices are unadjusted; another column has the adjusted close.
 *
 * @example
 * const provider = await openSampleProvider('local/sample/stocks.csv.gz');
 * provider.lastDay(); // '2013-03-01'
 *
 * @throws BadInputError naming file and line if nothing can be read
 */
export function openSampleProvider(path: string): Promise<FileProvider> {
  return openFileProvider(path, {
    name: 'sample',
    currency: 'USD',
    describe: (symbol) => LISTINGS.find((listing) => listing.symbol === symbol) ?? { symbol },
  });
}
