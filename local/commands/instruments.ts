import {
  deactivateInstruments,
  type InstrumentRow,
  listInstruments,
} from '../../functions/ingest/instrument-list.ts';
import { registerInstruments } from '../../functions/ingest/instruments.ts';
import type { Listing } from '../../functions/ingest/providers/provider.ts';
import { fromUniverse } from '../../functions/ingest/providers/symbols.ts';
import { readUniverse } from '../../functions/ingest/universe.ts';
import { InstrumentSymbol } from '../../functions/shared/contracts.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { type Answer, runProgram } from '../installation/installation-program.ts';
import { exitOnError } from '../terminal/exit.ts';
import { table } from '../terminal/table.ts';

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

async function registered(sql: Sql, listings: Listing[]): Promise<Answer> {
  const changed = await registerInstruments(sql, listings);
  const text = `${count(listings.length)} given, ${changed} of them added or changed`;
  return { text, value: { given: listings.length, changed } };
}

function count(instruments: number): string {
  return `${instruments} instrument${instruments === 1 ? '' : 's'}`;
}

function symbols(command: string, operands: string[]): string[] {
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

await exitOnError(() =>
  runProgram({
    name: 'instruments',
    help: HELP,
    database: 'boursomatic',
    role: 'pipeline',
    options: { exchange: { type: 'string', with: 'add' }, all: { type: 'boolean', with: 'list' } },
    commands: {
      import: {
        needs: 'a FILE',
        read: async ([file = '']) => {
          const listings = await readUniverse(file);
          return (sql) => registered(sql, listings);
        },
      },
      add: {
        needs: 'a SYMBOL',
        most: Number.POSITIVE_INFINITY,
        read: (given, { exchange }) => {
          if (exchange?.trim() === '') throw new BadInputError('--exchange: is empty');
          const listings = symbols('add', given).map((symbol) => ({ symbol, ...(exchange && { exchange }) }));
          return (sql) => registered(sql, listings);
        },
      },
      deactivate: {
        needs: 'a SYMBOL',
        most: Number.POSITIVE_INFINITY,
        read: (given) => {
          const wanted = symbols('deactivate', given);
          return async (sql) => {
            const deactivated = await deactivateInstruments(sql, wanted);
            return { text: `${count(deactivated.length)} deactivated`, value: { deactivated } };
          };
        },
      },
      list: {
        read:
          (_given, { all = false }) =>
          async (sql) => {
            const rows = await listInstruments(sql, { all });
            return { text: rows.length > 0 ? tableOf(rows) : 'there are no instruments yet', value: rows };
          },
      },
    },
  }),
);
