import type { Batch } from '../shared/contracts.ts';
import { DAY_MS } from '../shared/days.ts';
import { log } from '../shared/telemetry.ts';
import { wholeHistoryFrom } from './plan/batches.ts';
import { ProviderError } from './providers/errors.ts';
import type { Listing, Provider } from './providers/provider.ts';

/** Weekdays between two descriptions of an instrument. */
const DESCRIBED_EVERY = 20;

/** The days since 1970 begin on a Thursday. */
const MONDAY_OFFSET = 3;

/**
 * Fetches the description of an instrument that gets recommendations together with its whole history, and again on its
 * turn, because capitalisation and earnings change. A failure is only logged, because bars are useful without a description.
 */
export async function describeInstrument(
  batch: Batch,
  symbol: string,
  provider: Provider,
): Promise<Listing | undefined> {
  if (batch.interval !== 'daily' || batch.isReference || !provider.describe) return undefined;
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
 * Whether an instrument is described again on a day: every twentieth weekday. The symbol determines which one, so the
 * requests are spread over the days without stored state.
 */
export function isTurnOf(symbol: string, day: string): boolean {
  const days = Math.floor(Date.parse(day) / DAY_MS) + MONDAY_OFFSET;
  const weekday = Math.floor(days / 7) * 5 + Math.min(days % 7, 4);
  // Symbols are ASCII, so that bytes and letters are the same.
  const hash = Buffer.from(symbol).reduce((sum, letter) => (sum * 31 + letter) % 1_000_003, 7);
  return days % 7 < 5 && weekday % DESCRIBED_EVERY === hash % DESCRIBED_EVERY;
}
