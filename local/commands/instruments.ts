import {
  deactivateInstruments,
  type InstrumentRow,
  listInstruments,
} from '../../functions/ingest/instrument-list.ts';
import { registerInstruments } from '../../functions/ingest/instruments.ts';
import type { Listing } from '../../functions/ingest/providers/provider.ts';
import { setBenchmark } from '../../functions/ingest/reference/benchmark.ts';
import { readUniverse } from '../../functions/ingest/universe.ts';
import { CHOSEN_PURPOSES, type Purpose } from '../../functions/shared/constants.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { InstrumentSymbol } from '../../functions/shared/fields.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { canonicalSymbol } from '../../functions/shared/symbols.ts';
import { DATA_HELP } from '../installation/chosen-data.ts';
import { type Answer, runProgram } from '../installation/subcommands.ts';
import { exitOnError } from '../terminal/exit.ts';
import { counted } from '../terminal/paragraph.ts';
import { table } from '../terminal/table.ts';

const HELP = `Usage: npm run instruments -- COMMAND [options]

  import FILE              add every instrument of a CSV file with the column symbol and, optionally, exchange, name
                           and sector; for a known symbol, the file replaces stored values but never empties them
  add SYMBOL...            add instruments by symbol; the next run fetches their whole history
  deactivate SYMBOL...     exclude instruments from further runs; their history stays
  benchmark SYMBOL         compare the calls of the track record with this instrument; it replaces the earlier benchmark
  list                     list the active instruments

BRK-B, BRK.B, BRK/B and brk.b are the same symbol. Quote a symbol with &: 'M&M.NS'.

  --exchange NAME   with add: exchange of the symbols
  --purpose NAME    with add and import: recommended (default): they get recommendations; reference: they get none,
                    and others are compared with them; both
  --all             with list: include inactive instruments
  --json            end stdout with one JSON value
${DATA_HELP}
  -h, --help        print this text

Set DATABASE_URL to use another server. Pending migrations are applied first. The command works while npm start
runs.
`;

async function register(sql: Sql, listings: Listing[], purpose: Purpose | undefined): Promise<Answer> {
  const changed = await registerInstruments(sql, listings, purpose);
  const text = `${counted(listings.length, 'instrument')} read, ${changed} added or changed`;
  return { text, value: { given: listings.length, changed } };
}

function symbols(command: string, operands: string[]): string[] {
  const canonical = operands.map((operand) => {
    const parsed = InstrumentSymbol.safeParse(canonicalSymbol(operand));
    if (parsed.success) return parsed.data;
    throw new BadInputError(`instruments ${command}: "${operand}" ${parsed.error.issues[0]?.message}`);
  });
  return [...new Set(canonical)];
}

function readPurpose(named: string | undefined): Purpose | undefined {
  if (named === undefined) return undefined;
  const known = CHOSEN_PURPOSES.find((one) => one === named);
  if (!known) throw new BadInputError(`--purpose "${named}" must be one of ${CHOSEN_PURPOSES.join(', ')}`);
  return known;
}

function tableOf(rows: InstrumentRow[]): string {
  return table(
    rows.map((row) => ({
      Symbol: row.symbol,
      Exchange: row.exchange,
      Name: row.name ?? '',
      Sector: row.sector ?? '',
      Currency: row.currency ?? '',
      Size: row.marketCapBucket ?? '',
      'P/E': row.peBucket ?? '',
      Purpose: row.isBenchmark && row.purpose !== 'benchmark' ? `${row.purpose}, benchmark` : row.purpose,
      Active: row.isActive ? 'yes' : '',
      'Last bar': row.lastDay ?? '',
    })),
  );
}

await exitOnError(() =>
  runProgram({
    name: 'instruments',
    help: HELP,
    role: 'pipeline',
    options: {
      exchange: { type: 'string', with: 'add' },
      purpose: { type: 'string', with: ['add', 'import'] },
      all: { type: 'boolean', with: 'list' },
    },
    commands: {
      import: {
        use: 'fill',
        needs: 'a FILE',
        read: async ([file], { purpose: named }) => {
          const purpose = readPurpose(named);
          const listings = await readUniverse(defined(file, 'FILE'));
          return (sql) => register(sql, listings, purpose);
        },
      },
      add: {
        use: 'fill',
        needs: 'a SYMBOL',
        most: Number.POSITIVE_INFINITY,
        read: (operands, { exchange, purpose: named }) => {
          const purpose = readPurpose(named);
          if (exchange?.trim() === '') throw new BadInputError('--exchange is empty');
          const listings = symbols('add', operands).map((symbol) => ({
            symbol,
            ...(exchange && { exchange }),
          }));
          return (sql) => register(sql, listings, purpose);
        },
      },
      deactivate: {
        needs: 'a SYMBOL',
        most: Number.POSITIVE_INFINITY,
        read: (operands) => {
          const chosen = symbols('deactivate', operands);
          return async (sql) => {
            const deactivated = await deactivateInstruments(sql, chosen);
            return {
              text: `${counted(deactivated.length, 'instrument')} deactivated`,
              value: { deactivated },
            };
          };
        },
      },
      benchmark: {
        needs: 'a SYMBOL',
        read: (operands) => {
          if (operands[0] === 'none')
            throw new BadInputError(
              'instruments benchmark: to run without one, use npm start -- --benchmark none',
            );
          const [symbol] = symbols('benchmark', operands);
          const benchmark = defined(symbol, 'SYMBOL');
          return async (sql) => {
            await setBenchmark(sql, benchmark);
            return { text: `the benchmark is ${benchmark}`, value: { benchmark } };
          };
        },
      },
      list: {
        read:
          (_operands, { all = false }) =>
          async (sql) => {
            const rows = await listInstruments(sql, { all });
            return {
              text:
                rows.length > 0
                  ? tableOf(rows)
                  : 'there are no instruments; npm run instruments -- add SYMBOL adds one',
              value: rows,
            };
          },
      },
    },
  }),
);
