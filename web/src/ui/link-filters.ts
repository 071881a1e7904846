/**
 * Reads the filters of a list from a URL's query. It skips invalid parameters and reports each in words, because a link
 * may be outdated or mistyped.
 *
 * @example
 * const { read, finish } = startReading(search);
 * const { filters, problems } = finish({ label: read('label', oneOf(LABELS), inWords(LABELS)) });
 */
export function startReading(search: URLSearchParams) {
  const problems: string[] = [];
  return {
    /**
     * Reads one parameter; undefined if it is absent, empty or invalid.
     *
     * @param rule - continues the sentence "NAME must be"
     */
    read: <T>(name: string, parse: (text: string) => T | undefined, rule: string): T | undefined => {
      const values = search.getAll(name);
      const [text = ''] = values;
      if (text === '') return undefined;
      const value = values.length === 1 ? parse(text) : undefined;
      if (value === undefined) {
        problems.push(
          values.length > 1
            ? `${name} may appear only once, not ${values.length} times`
            : `${name} must be ${rule}, not “${shorten(text)}”`,
        );
      }
      return value;
    },
    /** Also reports parameters that are no filter of the list. */
    finish: <Filters extends object>(filters: Filters): { filters: Filters; problems: string[] } => {
      for (const name of new Set(search.keys())) {
        if (!Object.hasOwn(filters, name)) problems.push(`“${shorten(name)}” is not a filter of this list`);
      }
      return { filters, problems };
    },
  };
}

/** Parses one of a few values. */
export function oneOf<T extends string>(values: readonly T[]) {
  return (text: string): T | undefined => values.find((value) => value === text);
}

/** Parses a text of a limited length. */
export function ofLength(length: number) {
  return (text: string): string | undefined => (text.length <= length ? text : undefined);
}

/** A few values as a rule: `BUY, HOLD or SELL`. */
export function inWords(values: readonly string[]): string {
  return values.join(', ').replace(/, (\w+)$/, ' or $1');
}

/** Continues the sentence "NAME must be". */
export const DAY_RULE = 'a day such as 2026-03-02';

/** A day that the calendar has and the API accepts. */
export function parseDay(text: string): string | undefined {
  const date = new Date(text);
  const isDay = /^(19|20|21)\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime());
  return isDay && date.toISOString().startsWith(text) ? text : undefined;
}

interface Days {
  /** The first day. */
  from: string | undefined;
  /** The last day. */
  to: string | undefined;
}

function isInOrder({ from, to }: Days): boolean {
  return from === undefined || to === undefined || from <= to;
}

/** Removes and reports a last day before the first day. */
export function keepDaysInOrder<Filters extends Days>({
  filters,
  problems,
}: {
  filters: Filters;
  problems: string[];
}): { filters: Filters; problems: string[] } {
  if (isInOrder(filters)) return { filters, problems };
  return {
    filters: { ...filters, to: undefined },
    problems: [...problems, `to must not be before ${filters.from}`],
  };
}

/** The filters after a change. A first day after the last one removes the other of the two. */
export function changeFilters<Filters extends Days>(filters: Filters, change: Partial<Filters>): Filters {
  const changed = { ...filters, ...change };
  if (isInOrder(changed)) return changed;
  return { ...changed, ...('from' in change ? { to: undefined } : { from: undefined }) };
}

/** Writes the filters that are set as a URL's query. */
export function toQuery(filters: object): URLSearchParams {
  const set = Object.entries(filters).filter(([, value]) => value !== undefined);
  return new URLSearchParams(set as [string, string][]);
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
