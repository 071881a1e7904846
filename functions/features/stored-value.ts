/** Powers of ten that a double holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/**
 * The value as the table `features` stores it: rounded to 7 significant digits, then to the nearest single precision
 * number. It is what Postgres reads from `value.toPrecision(7)` into a `real`, without the text.
 *
 * @param value - NaN and infinities stay what they are
 */
export function storedValue(value: number): number {
  const size = Math.abs(value);
  if (!(size >= 1e-15 && size < 1e21)) return Math.fround(Number(value.toPrecision(7)));
  let shift = 6 - Math.floor(Math.log10(size));
  let scaled = scale(size, shift);
  // The logarithm may be rounded across a power of ten.
  if (scaled >= 1e7) scaled = scale(size, --shift);
  else if (scaled < 1e6) scaled = scale(size, ++shift);
  const digits = Math.round(scaled);
  // Scaling may have rounded across the middle of two decimals: the text decides.
  if (Math.abs(Math.abs(scaled - digits) - 0.5) < 1e-6) return Math.fround(Number(value.toPrecision(7)));
  // Both operands are exact, so that the double is the one nearest to the decimal (Clinger 1990). That rounding it
  // once more never differs from rounding the decimal was tried for every decimal of 7 digits in this range.
  const nearest = Math.fround(scale(digits, -shift));
  return value < 0 ? -nearest : nearest;
}

/** value * 10^exponent with one rounding. */
function scale(value: number, exponent: number): number {
  return exponent >= 0 ? value * (POWERS[exponent] as number) : value / (POWERS[-exponent] as number);
}
