import type { Batch } from '../shared/contracts.ts';
import { DAY_MS } from '../shared/days.ts';
import { log } from '../shared/telemetry.ts';
import { wholeHistoryFrom } from './plan/batches.ts';
import { ProviderError } from './providers/errors.ts';
import type { Listing, Provider } from './providers/provider.ts';

/** Weekdays after which an instrument is described again. */
const DESCRIBED_EVERY = 20;

/** The days since 1970 begin on a Thursday. */
const MONDAY_OFFSET = 3;

/**
 * What the instrument is: asked for together with a whole history, and again when it is the instrument's turn, because
 * what it is worth and earns changes. What cannot be described is told in the log: an instrument without a sector is
 * still an instrument.
 */
export async function describeInstrument(
  batch: Batch,
  symbol: string,
  provider: Provider,
): Promise<Listing | undefined> {
  if (batch.interval !== 'daily' || !provider.describe) return undefined;
  const isWhole = batch.from <= wholeHistoryFrom('daily', batch.asOf);
  if (!isWhole && !isTurnOf(symbol, batch.asOf)) return undefined;
  try {
    return { ...(await provider.describe(symbol)), symbol };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    log('warn', 'instrument not described', { symbol, reason: error.reason, message: error.message });
    return undefined;
  }
}

/**
 * Whether a day is one on which an instrument is described again: one weekday in twenty, another for each symbol, so
 * that the requests are spread over the days, and nobody has to remember when it was.
 */
export function isTurnOf(symbol: string, day: string): boolean {
  const days = Math.floor(Date.parse(day) / DAY_MS) + MONDAY_OFFSET;
  const weekday = Math.floor(days / 7) * 5 + Math.min(days % 7, 4);
  const own = [...symbol].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7);
  return days % 7 < 5 && weekday % DESCRIBED_EVERY === own % DESCRIBED_EVERY;
}
