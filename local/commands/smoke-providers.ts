import { z } from 'zod';
import { vendorsOf } from '../../functions/ingest/providers/descriptor.ts';
import { PROVIDERS } from '../../functions/ingest/providers/registry.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { InstrumentSymbol } from '../../functions/shared/fields.ts';
import { canonicalSymbol } from '../../functions/shared/symbols.ts';
import { checkOptions, HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { table } from '../terminal/table.ts';
import { variablesHelp } from './provider-help.ts';
import { smokeVendors } from './smoke-checks.ts';

const VENDORS = vendorsOf(PROVIDERS);

const HELP = `Usage: npm run smoke:providers [-- options]

Sends the real vendors a few small requests and checks the answers: ten days of bars of each interval, and the
description of an instrument. Skips a vendor whose key is not set. Stores nothing. Exits 1 if a vendor refuses, or an
answer is not as expected.

Vendors: ${VENDORS.map(({ name }) => name).join(', ')}

  --symbol S          instrument to request (default AAPL)
  -h, --help          print this text

Environment:
${variablesHelp(VENDORS)}
`;

const Options = z.object({
  help: z.boolean().default(false),
  symbol: z.string().default('AAPL').transform(canonicalSymbol).pipe(InstrumentSymbol),
});

async function main(): Promise<void> {
  const { values } = readCommandLine({ options: { symbol: { type: 'string' }, ...HELP_OPTION } });
  const { help, symbol } = checkOptions(Options, values);
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  // The table says what failed, and why.
  process.env.LOG_LEVEL ??= 'silent';
  const { checks, skipped } = await smokeVendors(symbol, process.env);
  const rows = checks.map(({ provider, request, ok, answer }) => ({
    Provider: provider,
    Request: request,
    '': ok ? 'ok' : 'FAILS',
    Answer: answer,
  }));
  process.stdout.write(`${table(rows)}\n`);
  for (const { title, missing } of skipped)
    process.stdout.write(`${title} was skipped: ${missing.join(' and ')} is not set.\n`);
  const failed = checks.filter(({ ok }) => !ok).length;
  if (failed > 0)
    throw new BoursomaticError('smoke', `${failed} of ${checks.length} answers are not as expected`);
}

await exitOnError(main);
