import type { Recommendation } from '../../api-types.d.ts';
import { LABELS, type Label, PROFILES, type Profile } from '../api/profiles.ts';
import { DAY_RULE, inWords, keepDaysInOrder, oneOf, parseDay, startReading } from '../ui/link-filters.ts';

export type Kind = Recommendation['kind'];

export const KINDS = ['live', 'backdated', 'hindsight', 'sample'] as const satisfies readonly Kind[];

/** The filters of the track record; undefined where the URL sets nothing. */
export interface RecordFilters {
  profile: Profile | undefined;
  label: Label | undefined;
  model: string | undefined;
  /** The kind of calls; live by default. */
  kind: Exclude<Kind, 'live'> | undefined;
  /** The first day on which the calls are based. */
  from: string | undefined;
  /** The last day on which the calls are based. */
  to: string | undefined;
}

const parseVersion = (text: string) => (/^v\d+\.\d+\.\d+$/.test(text) ? text : undefined);

/** The same profile without filters. */
export function withoutFilters({ profile }: RecordFilters): RecordFilters {
  return { profile, label: undefined, model: undefined, kind: undefined, from: undefined, to: undefined };
}

/** Reads the filters from a URL's query, and reports invalid ones in words. */
export function readRecordFilters(search: URLSearchParams): { filters: RecordFilters; problems: string[] } {
  const { read, finish } = startReading(search);
  const kind = read('kind', oneOf(KINDS), inWords(KINDS));
  return keepDaysInOrder(
    finish({
      profile: read('profile', oneOf(PROFILES), inWords(PROFILES)),
      label: read('label', oneOf(LABELS), inWords(LABELS)),
      model: read('model', parseVersion, 'a version such as v1.2.3'),
      kind: kind === 'live' ? undefined : kind,
      from: read('from', parseDay, DAY_RULE),
      to: read('to', parseDay, DAY_RULE),
    }),
  );
}
