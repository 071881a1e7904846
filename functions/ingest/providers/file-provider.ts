import { InstrumentSymbol } from '../../shared/contracts.ts';
import { toDay } from '../../shared/days.ts';
import { log } from '../../shared/telemetry.ts';
import { assertUsable, type BarsFile, readBarsFile } from './bars-file.ts';
import { BadRowError, NotFoundError } from './errors.ts';
import type { FileProvider, Listing } from './provider.ts';

/** A kind of bars file. */
export interface FileFormat {
  name: string;
  header: readonly string[];
  /** Describes a symbol of the file. */
  describe(symbol: string): Listing;
}

/**
 * Opens a bars file of a format as a provider.
 *
 * @throws BadInputError naming file and line if the file is not of this format, or too much of it is faulty
 */
export async function openFileProvider(path: string, format: FileFormat): Promise<FileProvider> {
  const file = await readBarsFile(path, format.header);
  assertUsable(file);
  const symbols = [...file.series.keys()]
    .filter((symbol) => InstrumentSymbol.safeParse(symbol).success)
    .sort();
  if (symbols.length < file.series.size) {
    // No run can request an invalid symbol, so no failure of a run would report it.
    log('warn', 'ignored bars of invalid symbols', {
      file: path,
      symbols: file.series.size - symbols.length,
    });
  }
  return {
    name: format.name,
    listings: () => symbols.map((symbol) => format.describe(symbol)),
    lastDay: () => lastDay(file),
    fetchBars: async ({ symbol, from, to }) => {
      const series = file.series.get(symbol);
      if (!series) throw new NotFoundError(`${symbol}: is not in ${path}`);
      const fault = file.faults.get(symbol);
      if (fault) throw new BadRowError(fault);
      // A file has no actions: its bars are adjusted already, or by their adjusted close.
      return { bars: series.bars(from, to), actions: [] };
    },
  };
}

/** The last day of the sound symbols: a faulty date must not become a run's as-of. */
function lastDay(file: BarsFile): string {
  let last = Number.NEGATIVE_INFINITY;
  for (const [symbol, series] of file.series) {
    if (!file.faults.has(symbol)) last = Math.max(last, series.lastTs);
  }
  return toDay(last);
}
