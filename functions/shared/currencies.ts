import * as z from 'zod';

/** The currency in which amounts of money are compared. */
export const DOLLAR = 'USD';

/** Codes of minor units in which exchanges quote prices: their currency, and how many units it has. */
const MINOR_UNITS: ReadonlyMap<string, { currency: string; units: number }> = new Map([
  ['GBp', { currency: 'GBP', units: 100 }],
  ['GBX', { currency: 'GBP', units: 100 }],
  ['ZAc', { currency: 'ZAR', units: 100 }],
  ['ZAC', { currency: 'ZAR', units: 100 }],
  ['ILA', { currency: 'ILS', units: 100 }],
  ['ILa', { currency: 'ILS', units: 100 }],
  ['USX', { currency: 'USD', units: 100 }],
  ['KWF', { currency: 'KWD', units: 1000 }],
]);

/**
 * Reads a currency as vendors and people write it, minor units included.
 *
 * @returns the ISO 4217 code, and how many of the written units it has; undefined for text that is no such code
 * @example
 * readCurrency('GBp'); // { currency: 'GBP', units: 100 }
 * readCurrency('eur'); // { currency: 'EUR', units: 1 }
 */
export function readCurrency(text: string): { currency: string; units: number } | undefined {
  const code = text.trim();
  const minor = MINOR_UNITS.get(code);
  if (minor) return minor;
  const currency = code.toUpperCase();
  return /^[A-Z]{3}$/.test(currency) ? (MINOR_UNITS.get(currency) ?? { currency, units: 1 }) : undefined;
}

/** The form of a currency in options and variables. */
export const CurrencyCode = z
  .string()
  .refine(
    (text) => readCurrency(text) !== undefined,
    'must be a code of three letters such as USD, or GBX for pence',
  );

/** How many minor units a currency has if exchanges quote shares in them; only futures are quoted in US cents. */
export function minorUnitsOf(currency: string): number | undefined {
  if (currency === DOLLAR) return undefined;
  return [...MINOR_UNITS.values()].find((minor) => minor.currency === currency)?.units;
}
