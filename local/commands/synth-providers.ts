import { readFileSync, writeFileSync } from 'node:fs';
import type { Capabilities, Registry } from '../../functions/ingest/providers/descriptor.ts';
import { PROVIDERS } from '../../functions/ingest/providers/registry.ts';
import { HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';

const HELP = `Usage: npm run synth:providers

Writes the table of providers in docs/providers.md. Run it after a change of a provider's descriptor.

  -h, --help   print this text
`;

/** The document whose table is generated between two markers. */
export const PROVIDERS_FILE = new URL('../../docs/providers.md', import.meta.url);

const MARKERS = /(?<=<!-- providers: npm run synth:providers -->\n\n)[\s\S]*(?=\n<!-- end of providers -->)/;

const INTERVALS = { daily: 'daily', '15m': '15-minute' };

const FIELDS: Record<Capabilities['listing'][number], string> = {
  name: 'name',
  exchange: 'exchange',
  sector: 'sector',
  marketCap: 'market cap',
  trailingPe: 'P/E',
};

/** The table of some providers, in Markdown. */
export function providersTable(registry: Registry = PROVIDERS): string {
  const rows = registry.map(({ name, title, capabilities, variables }) => {
    const { intervals, actions, listing } = capabilities;
    const required = Object.entries(variables).filter(([, { isRequired }]) => isRequired);
    return [
      `\`${name}\``,
      title,
      intervals.map((interval) => INTERVALS[interval]).join(' and '),
      actions ? 'yes' : 'no',
      listing.map((field) => FIELDS[field]).join(', ') || 'none',
      required.map(([variable, { purpose }]) => `${purpose} (\`${variable}\`)`).join(', ') || 'nothing',
    ];
  });
  const header = ['provider', 'source', 'bars', 'splits and dividends', 'description', 'requires'];
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** docs/providers.md with the table as the registry has it now. */
export function withProvidersTable(document: string): string {
  return document.replace(MARKERS, providersTable());
}

async function main(): Promise<void> {
  if (readCommandLine({ options: HELP_OPTION }).values.help) {
    process.stdout.write(HELP);
    return;
  }
  writeFileSync(PROVIDERS_FILE, withProvidersTable(readFileSync(PROVIDERS_FILE, 'utf8')));
  process.stdout.write('wrote the table in docs/providers.md\n');
}

if (import.meta.main) await exitOnError(main);
