import { writeFile } from 'node:fs/promises';
import { BadInputError } from '../../functions/shared/errors.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lib/settings.ts';
import { SIZES } from '../../lib/settings-schema.ts';
import { costDocument } from '../cost/document.ts';
import { estimate } from '../cost/estimate.ts';
import { HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { table } from '../terminal/table.ts';

const HELP = `Usage: npm run cost -- --instruments N --requests N [options]

Estimates the monthly AWS cost by item, from the synthesised templates and a dated price table. It works offline.

  --instruments N   number of active instruments, those of the reference among them (default 500)
  --requests N      API requests per month (default 100000)
  --size SIZE       small or scale (default small)
  --intraday        with 15-minute bars during sessions
  --retraining      with weekly retraining
  --proxy           with RDS Proxy (scale)
  --replica         with a read replica (scale)
  --json            also print the estimate as JSON, on the last line
  --write           write docs/cost.md
  -h, --help        print this text
`;

const DOCUMENT = new URL('../../docs/cost.md', import.meta.url);

async function main(): Promise<void> {
  const values = readOptions();
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (values.write) {
    await writeFile(DOCUMENT, costDocument());
    process.stdout.write('wrote docs/cost.md\n');
    return;
  }
  const instruments = wholeNumber('instruments', values.instruments);
  const requests = wholeNumber('requests', values.requests);
  const month = estimate({ instruments, requests, settings: settingsOf(values) });
  const rows = month.items.map(({ item, quantity, usd }) => ({
    Item: item,
    'Per month': quantity,
    USD: usd.toFixed(2),
  }));
  rows.push({ Item: 'Total', 'Per month': '', USD: month.totalUsd.toFixed(2) });
  process.stdout.write(`${table(rows)}\n`);
  process.stdout.write(
    `Prices of us-east-1 on ${month.pricesOf}, before tax. Without the free allowances: ${month.listUsd.toFixed(2)} USD.\n`,
  );
  if (values.json) process.stdout.write(`${JSON.stringify({ instruments, requests, ...month })}\n`);
}

type Values = ReturnType<typeof readOptions>;

function settingsOf(values: Values): Settings {
  const size = SIZES.find((known) => known === values.size);
  if (!size) throw new BadInputError(`--size "${values.size}" is unknown: use ${SIZES.join(' or ')}`);
  for (const key of ['proxy', 'replica'] as const) {
    if (values[key] && size !== 'scale')
      throw new BadInputError(`--${key} needs a larger database: add --size scale`);
  }
  const onOff = (key: 'intraday' | 'retraining' | 'proxy' | 'replica') => (values[key] ? 'on' : 'off');
  return {
    ...DEFAULT_SETTINGS,
    size,
    intraday: onOff('intraday'),
    retraining: onOff('retraining'),
    proxy: onOff('proxy'),
    replica: onOff('replica'),
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() && Number.isSafeInteger(value) && value >= 0 && value <= 1e10) return value;
  throw new BadInputError(`--${name}: "${text}" is not a whole number from 0 to 10,000,000,000`);
}

function readOptions() {
  const flag = { type: 'boolean', default: false } as const;
  const text = (fallback: string) => ({ type: 'string', default: fallback }) as const;
  return readCommandLine({
    options: {
      instruments: text('500'),
      requests: text('100000'),
      size: text('small'),
      intraday: flag,
      retraining: flag,
      proxy: flag,
      replica: flag,
      json: flag,
      write: flag,
      ...HELP_OPTION,
    },
  }).values;
}

await exitOnError(main);
