import { toDay } from '../../shared/days.ts';
import type { DateFormat } from '../bars-file/days.ts';
import { readBarsFile } from '../bars-file/read-bars-file.ts';
import { reportBarsFile, spanOf } from '../bars-file/report.ts';
import { BadRowError, NotFoundError } from './errors.ts';
import { inMajorUnit } from './minor-units.ts';
import type { FileProvider, Listing } from './provider.ts';

/** A kind of bars file. */
export interface FileFormat {
  name: string;
  dateFormat?: DateFormat | undefined;
  /** The currency of prices for which the file names none, as `readCurrency` reads it. */
  currency?: string | undefined;
  /** Describes a symbol of the file. */
  describe(symbol: string): Listing;
}

/**
 * Opens a bars file, or a folder or zip of them, as a provider.
 *
 * @throws BadInputError naming file and line if nothing can be read
 */
export async function openFileProvider(path: string, format: FileFormat): Promise<FileProvider> {
  const file = await readBarsFile(path, format.dateFormat);
  const symbols = [...file.series.keys()].sort();
  return {
    name: format.name,
    listings: () => symbols.map((symbol) => format.describe(symbol)),
    lastDay: () => toDay(spanOf(file)[1]),
    report: () => reportBarsFile(file, format.currency),
    fetchBars: async ({ symbol, from, to }) => {
      const series = file.series.get(symbol);
      if (!series) throw new NotFoundError(`${symbol}: is not in ${path}`);
      const fault = file.faults.get(symbol);
      if (fault) throw new BadRowError(fault);
      // A file has no actions: its bars are adjusted already, or by their adjusted close.
      const currency = file.currencies.get(symbol) ?? format.currency;
      return inMajorUnit({ bars: series.bars(from, to), actions: [], ...(currency && { currency }) });
    },
  };
}
