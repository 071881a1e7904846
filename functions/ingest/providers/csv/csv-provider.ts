import { type FileFormat, openFileProvider } from '../file-provider.ts';
import type { FileProvider } from '../provider.ts';

/**
 * Opens daily bars of the user's own: a CSV or Parquet file, a folder of them, or a zip. docs/providers.md, "Your own
 * file", lists what is accepted.
 *
 * @example
 * const provider = await openCsvProvider('bars.csv.gz');
 * await provider.fetchBars({ symbol: 'AAPL', interval: 'daily', from: '2013-01-01', to: provider.lastDay() });
 *
 * @throws BadInputError naming file and line if nothing can be read
 */
export function openCsvProvider(
  path: string,
  options: Pick<FileFormat, 'dateFormat' | 'currency'> = {},
): Promise<FileProvider> {
  return openFileProvider(path, { name: 'csv', ...options, describe: (symbol) => ({ symbol }) });
}
