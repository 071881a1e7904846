/** How a file writes the decimal places of its numbers. */
export type Decimal = 'point' | 'comma';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Reads a plain decimal number. Gives NaN for an empty text and for JavaScript's other forms, such as 0x10. */
export function readNumber(text: string): number {
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

const MISSING = new Set(['', '-', '--', 'null', 'nan', 'na', 'n/a', '#n/a', 'none']);
/** As exponents: 1.1e6 is exact, and 1.1 * 1e6 is not. */
const SUFFIXES: Readonly<Record<string, string>> = { k: 'e3', m: 'e6', b: 'e9', t: 'e12' };

/** Digits in groups of three, with each of the separators that people use. */
const GROUPED: Record<Decimal, RegExp> = {
  point: /^([+-]?\d{1,3})((?:,\d{3})+|(?:['’]\d{3})+|(?:\s\d{3})+)(\.\d*)?$/,
  comma: /^([+-]?\d{1,3})((?:\.\d{3})+|(?:['’]\d{3})+|(?:\s\d{3})+)(,\d*)?$/,
};

/**
 * Reads a number as people write it: with spaces around it, a currency sign, thousands separators, and after a volume
 * one of the suffixes K, M, B and T.
 *
 * @returns NaN for a missing number, such as `` or `null`; undefined for text that is not a number
 */
export function readWrittenNumber(
  text: string,
  decimal: Decimal,
  role: 'price' | 'volume',
): number | undefined {
  let written = text.trim();
  if (MISSING.has(written.toLowerCase())) return Number.NaN;
  written = written.replace(/^([+-]?)\s*[$€£¥₹]\s*/, '$1');
  let exponent = '';
  if (role === 'volume') {
    const suffix = SUFFIXES[written.slice(-1).toLowerCase()];
    if (suffix !== undefined) {
      exponent = suffix;
      written = written.slice(0, -1).trimEnd();
    }
  }
  written = written.replace(GROUPED[decimal], (_, head: string, groups: string, places = '') => {
    return `${head}${groups.replaceAll(/\D/g, '')}${places}`;
  });
  if (decimal === 'comma') {
    if (written.includes('.')) return undefined;
    written = written.replace(',', '.');
  }
  const number = readNumber(written + exponent);
  return Number.isFinite(number) ? number : undefined;
}

/** The evidence of a number for one way of writing decimal places; nothing where it fits both. */
function evidence(text: string): Decimal | 'either' | undefined {
  const digits = text.trim().replaceAll(/[^\d.,]/g, '');
  const [commas, points] = [digits.split(',').length - 1, digits.split('.').length - 1];
  if (commas === 0 && points === 0) return undefined;
  if (commas > 0 && points > 0) return digits.lastIndexOf(',') > digits.lastIndexOf('.') ? 'comma' : 'point';
  if (commas > 1) return 'point';
  if (points > 1) return 'comma';
  const mayBeGrouped = /^[1-9]\d{0,2}[.,]\d{3}$/.test(digits);
  if (commas === 1) return mayBeGrouped ? 'either' : 'comma';
  // A number such as 1.234 is a decimal unless other numbers of the file have decimal commas.
  return mayBeGrouped ? undefined : 'point';
}

/**
 * Decides how a file writes decimal places, by some of its numbers.
 *
 * @returns the way, or a number that may be read in two ways
 */
export function sniffDecimal(numbers: Iterable<string>): Decimal | { ambiguous: string } {
  const counts = { point: 0, comma: 0 };
  let ambiguous: string | undefined;
  for (const text of numbers) {
    const found = evidence(text);
    if (found === 'either') ambiguous ??= text;
    else if (found) counts[found]++;
  }
  if (counts.comma > counts.point) return 'comma';
  return counts.point > 0 || ambiguous === undefined ? 'point' : { ambiguous };
}
