import type { Registry, Variable } from '../../functions/ingest/providers/descriptor.ts';
import { variablesOf } from '../../functions/ingest/providers/variables.ts';

const FORMS: Record<Variable['holds'], string> = {
  secret: ': a file: URL, or a Secrets Manager id',
  origin: ', such as a test server',
  file: '',
  'file-format': '',
};

/** The variables of some providers, as lines of a command's help. */
export function variablesHelp(registry: Registry): string {
  return [...variablesOf(registry)]
    .map(([name, { holds, purpose }]) => `  ${name.padEnd(18)}  ${purpose}${FORMS[holds]}`)
    .join('\n');
}

/** Names as a sentence lists them: `a, b or c`. */
export function alternatives(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` : names.join();
}
