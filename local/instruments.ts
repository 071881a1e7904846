import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  deactivateInstruments,
  type InstrumentRow,
  listInstruments,
} from '../functions/ingest/instrument-list.ts';
import { registerInstruments } from '../functions/ingest/instruments.ts';
import type { Listing } from '../functions/ingest/providers/provider.ts';
import { fromUniverse } from '../functions/ingest/providers/symbols.ts';
import { readUniverse } from '../functions/ingest/universe.ts';
import { migrate } from '../functions/migration/migrate.ts';
import { InstrumentSymbol } from '../functions/shared/contracts.ts';
import type { Sql } from '../functions/shared/database.ts';
import { BadInputError } from '../functions/shared/errors.ts';
import { exitOnError } from './exit.ts';
import { openInstallation, withLogin } from './installation.ts';
import { table } from './table.ts';

const HELP = `Usage: npm run instruments -- COMMAND [options]

  import FILE              add every instrument of a universe file: CSV with a heading line, symbol and perhaps
                           exchange, name, sector; what is known already is filled in and never emptied
  add SYMBOL...            add instruments by symbol; the next run of Yahoo asks for their whole history
  deactivate SYMBOL...     leave instruments out of all further runs; their history stays
  list                     the active instruments (--all: the others too)

  Symbols may be written BRK-B, BRK.B or BRK/B.

  --exchange NAME   for add: the exchange of those symbols
  --all             for list: inactive instruments too
  --json            end stdout with one JSON value
  --data-dir DIR    where the embedded server's data is (default .boursomatic)
  --database NAME   database of the embedded server (default boursomatic, which is that of real providers)
  --help            this text

DATABASE_URL names another server. A running npm start is joined, not disturbed. Pending migrations are applied.
`;

interface Options {
  exchange?: string | undefined;
  all: boolean;
}

/** What a command says, and the same as a value. */
interface Answer {
  text: string;
  value: unknown;
}

type Work = (sql: Sql) => Promise<Answer>;

/** Each reads its operands before anything is opened: bad input ends before the server starts. */
const COMMANDS: Record<string, (operands: string[], options: Options) => Promise<Work>> = {
  import: async (operands) => {
    const [file, extra] = operands;
    if (!file) throw new BadInputError('instruments import: needs a FILE');
    if (extra !== undefined)
      throw new BadInputError(`instruments import: "${extra}" is one argument too many`);
    const listings = await readUniverse(file);
    return (sql) => registered(sql, listings);
  },
  add: async (operands, { exchange }) => {
    const listings = symbols('add', operands).map((symbol) => ({ symbol, ...(exchange && { exchange }) }));
    return (sql) => registered(sql, listings);
  },
  deactivate: async (operands) => {
    const wanted = symbols('deactivate', operands);
    return async (sql) => {
      const deactivated = await deactivateInstruments(sql, wanted);
      return { text: `${count(deactivated.length)} deactivated`, value: { deactivated } };
    };
  },
  list: async (operands, { all }) => {
    if (operands.length > 0)
      throw new BadInputError(`instruments list: "${operands[0]}" is one argument too many`);
    return async (sql) => {
      const rows = await listInstruments(sql, { all });
      return { text: rows.length > 0 ? tableOf(rows) : 'there are no instruments yet', value: rows };
    };
  },
};

async function registered(sql: Sql, listings: Listing[]): Promise<Answer> {
  const changed = await registerInstruments(sql, listings);
  const text = `${count(listings.length)} given, ${changed} of them added or changed`;
  return { text, value: { given: listings.length, changed } };
}

function count(instruments: number): string {
  return `${instruments} instrument${instruments === 1 ? '' : 's'}`;
}

function symbols(command: string, operands: string[]): string[] {
  if (operands.length === 0) throw new BadInputError(`instruments ${command}: needs a SYMBOL`);
  return [...new Set(operands.map(fromUniverse))].map((symbol, i) => {
    const parsed = InstrumentSymbol.safeParse(symbol);
    if (parsed.success) return parsed.data;
    throw new BadInputError(
      `instruments ${command}: "${operands[i]}" ${parsed.error.issues[0]?.message ?? ''}`,
    );
  });
}

function tableOf(rows: InstrumentRow[]): string {
  return table(
    rows.map((row) => ({
      Symbol: row.symbol,
      Exchange: row.exchange,
      Name: row.name ?? '',
      Sector: row.sector ?? '',
      Size: row.marketCapBucket ?? '',
      'P/E': row.peBucket ?? '',
      Active: row.isActive ? 'yes' : '',
      'Last bar': row.lastDay ?? '',
    })),
  );
}

function readOptions() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { exchange: text, all: flag, json: flag, database: text, 'data-dir': text } as const;
  try {
    return parseArgs({ allowPositionals: true, options: { ...options, help: flag } });
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n')[0] : error;
    throw new BadInputError(`${message} (--help lists the options)`);
  }
}

async function main(): Promise<void> {
  const { positionals, values } = readOptions();
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [name = '', ...operands] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new BadInputError(`instruments: import, add, deactivate or list, not "${name}"`);
  const { exchange, all = false } = values;
  if (exchange !== undefined && name !== 'add') throw new BadInputError('--exchange goes with add');
  if (all && name !== 'list') throw new BadInputError('--all goes with list');
  if (exchange?.trim() === '') throw new BadInputError('--exchange: is empty');
  const work = await command(operands, { exchange, all });
  process.env.LOG_LEVEL ??= 'warn';
  const installation = await openInstallation({
    dataDir: resolve(values['data-dir'] ?? '.boursomatic'),
    database: values.database ?? 'boursomatic',
    databaseUrl: process.env.DATABASE_URL,
  });
  try {
    await withLogin(installation, 'migrator', migrate);
    const { text, value } = await withLogin(installation, 'pipeline', work);
    process.stdout.write(`${text.trimEnd()}\n`);
    if (values.json) process.stdout.write(`${JSON.stringify(value)}\n`);
  } finally {
    await installation.close();
  }
}

await exitOnError(main);
