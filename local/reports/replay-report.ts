import type { RanksCheck, SnapshotCheck } from '../../functions/features/snapshot-check.ts';
import type { Replay, StoredCall } from '../../functions/infer/replay.ts';
import type { ReplayCounts, Suspect } from '../../functions/infer/replay-calls.ts';
import { toDay } from '../../functions/shared/days.ts';
import { counted, paragraph } from '../terminal/paragraph.ts';
import { table } from '../terminal/table.ts';

/** The result of a replay of one call, for a person. */
export function replayText(call: StoredCall, found: Replay, check: SnapshotCheck): string {
  const published = call.generated_at.toISOString().slice(0, 16).replace('T', ' ');
  return [
    `${call.symbol}, ${call.profile}, ${call.label} as of ${toDay(call.as_of)}, published on ${published} UTC by model ${call.version}`,
    '',
    ...resultOf(found),
    ...(found.place === 'recorded'
      ? [
          paragraph(
            'The score, its place and the contributions were taken as published: the call is of an earlier version, which did not keep the scores of the day.',
          ),
        ]
      : []),
    ...(found.hasEqualWords ? [] : ['The justification has other words than this version would write.']),
    '',
    ...barsOf(check),
    ...ranksOf(check.others),
  ].join('\n');
}

function resultOf({ isEqual, differences }: Replay): string[] {
  if (isEqual) return ['Replay: equal. The snapshot leads to every published value, to the bit.'];
  return [
    `Replay: different in ${counted(differences.length, 'value')}.`,
    table(
      differences.map(({ field, published, replayed }) => ({
        field,
        published: String(published),
        replayed: String(replayed),
      })),
    ),
  ];
}

function barsOf({ follows, bars: { count, assumed, factor }, departures, unknown }: SnapshotCheck): string[] {
  const which = `${counted(count, 'bar')} as ${count === 1 ? 'it was' : 'they were'} when the call was published`;
  const assumption =
    assumed === 0
      ? ''
      : ` For ${counted(assumed, 'bar')} that had been corrected before the call, today's values were taken${factor === 1 ? '' : `, divided by ${Number(factor.toPrecision(6))} for splits and dividends since`}.`;
  return [
    paragraph(`Bars: the snapshot ${follows ? 'follows' : 'does not follow'} from ${which}.${assumption}`),
    ...(departures.length > 0
      ? [
          table(
            departures.map(({ field, published, recomputed }) => ({
              field,
              published: String(published),
              recomputed: String(recomputed),
            })),
          ),
        ]
      : []),
    ...(unknown.length > 0
      ? [paragraph(`Not checked, because this version does not have these inputs: ${unknown.join(', ')}.`)]
      : []),
  ];
}

const RANKS: Record<RanksCheck['status'], string> = {
  equal: 'Ranks: equal to those of the features that are stored today.',
  different:
    'Ranks: different from those of the stored features, although no bar has changed since the call.',
  changed_since: 'Ranks: inconclusive. Bars have changed since the call, and with them ranks of its day.',
  not_checked:
    'Ranks: not checked. The call was compared with the stocks of another day, or its day has no stored features.',
};

function ranksOf({ status, departures }: RanksCheck): string[] {
  const names = departures.map(({ field }) => field).join(', ');
  return [paragraph(`${RANKS[status]}${names === '' ? '' : ` They differ in ${names}.`}`)];
}

/** The counts of many replays, with the first suspect calls. */
export function replayCountsText(counts: ReplayCounts, suspects: readonly Suspect[]): string {
  const { calls, equal, recorded, different, notReplayable } = counts;
  const obstacles = Object.entries(notReplayable);
  const impossible = obstacles.reduce((sum, [, count]) => sum + count, 0);
  return [
    `${counted(calls, 'call')}: ${equal.toLocaleString('en-GB')} equal, ${different.toLocaleString('en-GB')} different, ${impossible.toLocaleString('en-GB')} not replayable.`,
    ...(recorded > 0
      ? [
          `For ${recorded.toLocaleString('en-GB')} of the equal ones, score and place were taken as published.`,
        ]
      : []),
    ...(suspects.length > 0 ? [table(suspects.map(rowOf))] : []),
  ].join('\n');
}

function rowOf({ id, symbol, profile, ...outcome }: Suspect) {
  const what =
    'error' in outcome
      ? `${outcome.error.obstacle}: ${outcome.error.reason}`
      : outcome.replay.differences.map(({ field }) => field).join(', ');
  return { id, symbol, profile, what };
}
