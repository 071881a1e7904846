import * as z from 'zod';
import { CurrencyCode } from '../../shared/currencies.ts';
import { DATE_FORMATS } from '../bars-file/days.ts';
import type { Registry, Variable } from './descriptor.ts';

const Origin = z.string().refine(isOrigin, 'use an origin such as https://example.com');
const NotEmpty = z.string().min(1, 'use a value that is not empty');

/** A key that a vendor requires: the variable names the secret that holds it. */
export function requiredSecret(purpose: string) {
  return { holds: 'secret', isRequired: true, schema: NotEmpty, purpose } as const satisfies Variable;
}

/** Another origin for a vendor's API: a test server, or a proxy that speaks its format. */
export function otherOrigin(vendor: string) {
  const purpose = `an origin to use instead of ${vendor}'s`;
  return { holds: 'origin', isRequired: false, schema: Origin, purpose } as const satisfies Variable;
}

/** A file of bars, which several providers read through the same variable. */
export const BARS_FILE = {
  holds: 'file',
  isRequired: true,
  schema: NotEmpty,
  purpose: 'the path of the bars file',
} as const satisfies Variable;

/** The order of day, month and year in a bars file whose dates do not show it. */
export const BARS_DATE_FORMAT = {
  holds: 'file-format',
  isRequired: false,
  schema: z.enum(DATE_FORMATS, `use one of ${DATE_FORMATS.join(', ')}`),
  purpose: 'the order of day, month and year in dates such as 03/04/2015',
} as const satisfies Variable;

/** The currency of a bars file that names none. */
export const BARS_CURRENCY = {
  holds: 'file-format',
  isRequired: false,
  schema: CurrencyCode,
  purpose: 'the currency of prices for which the file names none, such as USD, or GBX for pence',
} as const satisfies Variable;

/** All variables of some providers by name; providers may share one. */
export function variablesOf(registry: Registry): Map<string, Variable> {
  return new Map(registry.flatMap(({ variables }) => Object.entries(variables)));
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === '/' && search === '';
}
