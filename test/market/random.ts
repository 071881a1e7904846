/** A reproducible stream of random numbers: its seed decides them on every machine and in every run. */
export interface Random {
  /** The next number, from 0 up to but not including 1. */
  next(): number;
  /** A whole number from 0 up to but not including `below`. */
  int(below: number): number;
  /** A number between two others. */
  between(low: number, high: number): number;
  /** One of a list. */
  pick<T>(list: readonly [T, ...T[]]): T;
  /** A standard normal deviate. */
  normal(): number;
}

/**
 * Makes a stream of random numbers (mulberry32: 32 bits of state, good enough for tests).
 *
 * @example
 * random(hash(7, 'AAPL', 0)).int(6); // always the same
 */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    next,
    int,
    between: (low, high) => low + (high - low) * next(),
    pick: (list) => list[int(list.length)] ?? list[0],
    // Box-Muller transform; 1 - next() is never 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/**
 * Combines values into a seed (FNV-1a with a final mix), so that the draws for one symbol and request do not depend on
 * those for another.
 */
export function hash(...parts: readonly (string | number)[]): number {
  let value = 0x811c9dc5;
  for (const char of parts.join('\u0000')) {
    value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
