import { fileURLToPath } from 'node:url';

/** The path of a fixture: `ok/...` is accepted, `not-ok/...` has the fault in its name. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** The bars sample that comes with the project. */
export const SAMPLE = fileURLToPath(new URL('../../../../local/sample/stocks.csv.gz', import.meta.url));
