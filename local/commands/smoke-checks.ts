import type { Environment } from '../../functions/ingest/providers/choice.ts';
import {
  type Registry,
  type VendorDescriptor,
  vendorsOf,
} from '../../functions/ingest/providers/descriptor.ts';
import { ProviderError } from '../../functions/ingest/providers/errors.ts';
import { openProvider } from '../../functions/ingest/providers/open.ts';
import type { Bar, Listing, Provider } from '../../functions/ingest/providers/provider.ts';
import { PROVIDERS } from '../../functions/ingest/providers/registry.ts';
import { ENV, type Interval } from '../../functions/shared/constants.ts';
import { DAY_MS, toDay } from '../../functions/shared/days.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';

/** Ten days contain at least five sessions, even with holidays. */
const DAYS = 10;

/** The fewest bars that an answer about these days may have. */
const LEAST_BARS: Record<Interval, number> = { daily: 5, '15m': 50 };

/** One request of the smoke test, and how it went. */
export interface Check {
  provider: string;
  request: string;
  ok: boolean;
  answer: string;
}

/** The checks of all vendors, and the vendors without a request, with their missing variables. */
export interface SmokeReport {
  checks: Check[];
  skipped: { title: string; missing: string[] }[];
}

/**
 * Sends one small request for each capability of each vendor. Skips a vendor whose required variables are not set.
 *
 * @throws ConfigurationError if a variable is malformed
 */
export async function smokeVendors(
  symbol: string,
  environment: Environment,
  registry: Registry = PROVIDERS,
): Promise<SmokeReport> {
  const report: SmokeReport = { checks: [], skipped: [] };
  for (const vendor of vendorsOf(registry)) {
    const missing = Object.entries(vendor.variables)
      .filter(([name, { isRequired }]) => isRequired && !environment[name])
      .map(([name]) => name);
    if (missing.length > 0) {
      report.skipped.push({ title: vendor.title, missing });
      continue;
    }
    const provider = await openProvider({ ...environment, [ENV.provider]: vendor.name }, registry);
    report.checks.push(...(await checkVendor(vendor, provider, symbol)));
  }
  return report;
}

async function checkVendor(vendor: VendorDescriptor, provider: Provider, symbol: string): Promise<Check[]> {
  const to = Date.now();
  const days = { symbol, from: toDay(to - DAYS * DAY_MS), to: toDay(to) };
  const checks: Check[] = [];
  for (const interval of vendor.capabilities.intervals) {
    checks.push(
      await check(vendor, `${symbol} ${interval}`, async () => {
        const { bars } = await provider.fetchBars({ ...days, interval });
        return summarise(bars, LEAST_BARS[interval]);
      }),
    );
  }
  if (vendor.capabilities.listing.length > 0) {
    checks.push(
      await check(vendor, `${symbol} description`, async () =>
        inWords(defined(await provider.describe?.(symbol), 'a description')),
      ),
    );
  }
  return checks;
}

async function check(
  { name }: VendorDescriptor,
  request: string,
  send: () => Promise<string>,
): Promise<Check> {
  try {
    return { provider: name, request, ok: true, answer: await send() };
  } catch (error) {
    if (!(error instanceof ProviderError) && !(error instanceof BoursomaticError)) throw error;
    return { provider: name, request, ok: false, answer: `${error.code}: ${error.message}` };
  }
}

/** @throws BoursomaticError if there are fewer bars than sessions, or impossible ones */
function summarise(bars: readonly Bar[], least: number): string {
  const last = bars.at(-1);
  const found = `${bars.length} bars`;
  if (!last || bars.length < least)
    throw new BoursomaticError('too_few', `${found}, at least ${least} expected`);
  const isSound = bars.every(
    ({ o, h, l, c, v }) => l > 0 && l <= Math.min(o, c) && h >= Math.max(o, c) && v >= 0,
  );
  if (!isSound) throw new BoursomaticError('unsound', `${found}, some of which are impossible`);
  return `${found}, the last at ${new Date(last.ts).toISOString()}: close ${last.c.toFixed(2)}`;
}

/** A description as a line: `Apple Inc., NasdaqGS, Technology, market cap 2,600 billion, P/E 26.4`. */
function inWords({ name, exchange, sector, marketCap, trailingPe }: Listing): string {
  const billions = marketCap && (marketCap / 1e9).toLocaleString('en', { maximumSignificantDigits: 4 });
  const parts = [
    name,
    exchange,
    sector,
    billions && `market cap ${billions} billion`,
    trailingPe && `P/E ${trailingPe.toFixed(1)}`,
  ];
  return parts.filter(Boolean).join(', ') || 'no field is known';
}
