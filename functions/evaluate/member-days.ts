import type { Market } from './market.ts';
import type { Membership } from './membership.ts';
import { placesAmong, unranked } from './outcomes.ts';

/** A range of days, `YYYY-MM-DD`, both inclusive. */
export interface DayRange {
  from?: string | undefined;
  to?: string | undefined;
}

/** The rows of a day that a model can score: members with all inputs. */
export interface MemberDay {
  /** `YYYY-MM-DD`. */
  day: string;
  symbols: string[];
  /** One array a row, in the order of the inputs. */
  inputs: number[][];
}

/** Columns of model_inputs that inputs are made of, each once. */
export function columnsOfInputs(inputs: readonly string[]): string[] {
  return [...new Set(inputs.map(unranked))];
}

/**
 * The rows of each day, in order. Ranks are among the day's members that have a value, so that they are those of
 * training. Days without rows are left out.
 *
 * @param market - with {@link columnsOfInputs}
 * @param inputs - a column, or `x_rank` of the column x
 * @param options.membership - without it, every instrument is a member
 * @param options.range - days outside are left out
 */
export function* memberDays(
  { days, symbols, closes, columns }: Market,
  inputs: readonly string[],
  { membership, range = {} }: { membership?: Membership | undefined; range?: DayRange } = {},
): Generator<MemberDay> {
  for (const [row, day] of days.entries()) {
    if (day < (range.from ?? day) || day > (range.to ?? day)) continue;
    const members = membership?.on(day);
    const held = symbols.flatMap((symbol, column) =>
      !members || members.has(symbol) ? [row * closes.instruments + column] : [],
    );
    const values = inputs.map((name) => {
      const own = held.map((place) => columns[unranked(name)]?.[place] ?? Number.NaN);
      return name === unranked(name) ? own : placesAmong(own, own);
    });
    const whole = held.flatMap((_, i) => (values.every((of) => !Number.isNaN(of[i])) ? [i] : []));
    if (whole.length === 0) continue;
    yield {
      day,
      symbols: whole.map((i) => symbols[(held[i] as number) % closes.instruments] as string),
      inputs: whole.map((i) => values.map((of) => of[i] as number)),
    };
  }
}
