import { openFileProvider } from '../file-provider.ts';
import type { FileProvider } from '../provider.ts';

/**
 * Opens a CSV file of daily bars, plain or gzip, with the header `symbol,date,open,high,low,close,volume`.
 * Its prices and volumes must be adjusted for splits and dividends already.
 *
 * @example
 * const provider = await openCsvProvider('bars.csv.gz');
 * await provider.fetchBars({ symbol: 'AAPL', interval: 'daily', from: '2013-01-01', to: provider.lastDay() });
 *
 * @throws BadInputError naming file and line if it is not such a file
 */
export function openCsvProvider(path: string): Promise<FileProvider> {
  return openFileProvider(path, {
    name: 'csv',
    header: ['symbol', 'date', 'open', 'high', 'low', 'close', 'volume'],
    describe: (symbol) => ({ symbol }),
  });
}
