import { defined } from '../../functions/shared/invariant.ts';
import { random as makeRandom, type Random } from '../market/random.ts';
import type { Context } from './settings-values.ts';

type Choices = Readonly<Record<string, readonly Context[]>>;

/** The index of the value of each choice. */
type Row = readonly number[];

/** Values of some choices, by the index of the choice. */
type Part = ReadonlyMap<number, number>;

export interface Combinations {
  /** The settings of every combination to check. */
  readonly contexts: readonly Context[];
  /** Pairs of values that no combination can have. */
  readonly impossible: readonly (readonly [Context, Context])[];
}

/** Random completions after which a pair counts as impossible. The rules forbid few pairs, so most completions fit. */
const ATTEMPTS = 400;

/**
 * Chooses combinations that include every corner and every possible pair of values. A corner has the values of three
 * choices, which shape the stacks most, and of all other choices the first or the last value that fits.
 *
 * @param isPossible - whether the settings accept a combination
 * @param shaping - the names of the choices of the corners
 */
export function combine(
  choices: Choices,
  isPossible: (context: Context) => boolean,
  shaping: readonly string[],
): Combinations {
  const names = Object.keys(choices);
  const sizes = Object.values(choices).map(({ length }) => length);
  const contextValue = (choice: number, value: number): Context =>
    defined(Object.values(choices)[choice]?.[value], 'value of the choice');
  const contextOf = (row: Row): Context =>
    Object.assign({}, ...row.map((value, choice) => contextValue(choice, value)));
  const known = new Map<string, boolean>();
  const fits = (row: Row): boolean => {
    const key = row.join();
    const found = known.get(key) ?? isPossible(contextOf(row));
    known.set(key, found);
    return found;
  };

  const rows = corners(
    sizes,
    shaping.map((name) => names.indexOf(name)),
    fits,
  );
  const random = makeRandom(1);
  const covered = new Set(rows.flatMap(pairsOf));
  const impossible: [Context, Context][] = [];
  for (const [first, firstSize] of sizes.entries()) {
    for (const [second, secondSize] of sizes.entries()) {
      if (second <= first) continue;
      for (let a = 0; a < firstSize; a++) {
        for (let b = 0; b < secondSize; b++) {
          if (covered.has(pairKey(first, a, second, b))) continue;
          const part = new Map([
            [first, a],
            [second, b],
          ]);
          const row = complete(part, sizes, { random, fits, covered });
          if (!row) {
            impossible.push([contextValue(first, a), contextValue(second, b)]);
            continue;
          }
          rows.push(row);
          for (const pair of pairsOf(row)) covered.add(pair);
        }
      }
    }
  }
  return { contexts: rows.map(contextOf), impossible };
}

/** Every combination of the shaping choices, with the first and with the last values of the others. */
function corners(sizes: readonly number[], shaping: readonly number[], fits: (row: Row) => boolean): Row[] {
  const found = new Map<string, Row>();
  const parts = shaping.reduce<Part[]>(
    (all, choice) =>
      all.flatMap((part) =>
        Array.from({ length: sizes[choice] ?? 0 }, (_, value) => new Map([...part, [choice, value]])),
      ),
    [new Map()],
  );
  for (const part of parts) {
    for (const last of [false, true]) {
      let row = sizes.map((_, choice) => part.get(choice) ?? 0);
      if (!fits(row)) continue;
      for (const [choice, size] of sizes.entries()) {
        if (!last || part.has(choice)) continue;
        const further = row.with(choice, size - 1);
        if (fits(further)) row = further;
      }
      found.set(row.join(), row);
    }
  }
  return [...found.values()];
}

/** The possible completion that has the most pairs not covered yet, of several random ones. */
function complete(
  part: Part,
  sizes: readonly number[],
  { random, fits, covered }: { random: Random; fits: (row: Row) => boolean; covered: ReadonlySet<string> },
): Row | undefined {
  let best: Row | undefined;
  let most = -1;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const row = sizes.map((size, choice) => part.get(choice) ?? random.int(size));
    const gain = pairsOf(row).filter((pair) => !covered.has(pair)).length;
    if (gain > most && fits(row)) [best, most] = [row, gain];
  }
  return best;
}

function pairsOf(row: Row): string[] {
  return row.flatMap((a, first) =>
    row.slice(first + 1).map((b, offset) => pairKey(first, a, first + 1 + offset, b)),
  );
}

const pairKey = (first: number, a: number, second: number, b: number): string =>
  `${first}:${a} ${second}:${b}`;
