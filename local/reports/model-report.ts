import { edgesOf } from '../../functions/infer/edge.ts';
import type { Verdict } from '../../functions/infer/gate.ts';
import type { Registration } from '../../functions/infer/registry.ts';
import type { ModelEvent, ModelVersion } from '../../functions/infer/versions.ts';
import { toDay } from '../../functions/shared/days.ts';
import { valueAt } from '../../functions/shared/value-at.ts';
import { table } from '../terminal/table.ts';

/** The registered versions as a table. */
export function versionsText(versions: ModelVersion[]): string {
  if (versions.length === 0) return 'no model is registered';
  return table(
    versions.map(({ version, isActive, trainedAt, dataTo, metrics, verdict }) => ({
      Version: version,
      Active: isActive ? 'yes' : '',
      Trained: toDay(trainedAt),
      'Data to': dataTo ? toDay(dataTo) : 'unknown',
      // Releases of format 1 have neither returns beyond factors nor intervals.
      'Rank IC': measure(metrics.e5_rank_ic ?? metrics.rank_ic),
      'Calibration error': measure(metrics.ece),
      Gate: gateText(verdict),
    })),
  );
}

/** The result of a registration, with the gate's checks. */
export function registrationText({ version, added, activated, verdict }: Registration): string {
  const state = activated ? ' and active' : verdict.passed ? '' : '; it fails the gate';
  return `model ${version} is ${added ? '' : 'already '}registered${state}\n${checksTable(verdict)}`;
}

/** A version with the gate's checks and its history. */
export function versionText(found: ModelVersion & { history: ModelEvent[] }): string {
  const { version, isActive, trainedAt, dataTo, paramsHash, metrics, verdict, history } = found;
  const events = history.map(({ at, action, activated, passed, forcedReason }) => ({
    'Time (UTC)': at.toISOString().slice(0, 19).replace('T', ' '),
    Action: action,
    Gate: action === 'rollback' ? 'not checked' : passed ? 'passed' : 'failed',
    Outcome: activated ? 'active' : action === 'register' ? 'registered' : 'refused',
    'Reason for forcing': forcedReason ?? '',
  }));
  const lines = [
    `model ${version}, ${isActive ? 'active' : 'inactive'}, trained ${trainedAt.toISOString()}`,
    `training data to ${dataTo ? toDay(dataTo) : 'an unknown day'}`,
    `hash of the training parameters: ${paramsHash}`,
    ...edgesOf(metrics).map(({ profile, words }) => `${profile}: ${words}`),
    verdict ? checksTable(verdict) : 'the gate has not checked this model',
  ];
  if (events.length > 0) lines.push(table(events));
  return lines.join('\n');
}

/** A measure: a number, or in releases of format 2 an object with it. */
function measure(stored: unknown): string {
  const value = valueAt(stored, ['value']) ?? stored;
  return typeof value === 'number' ? value.toFixed(4) : 'not measured';
}

function gateText(verdict: Verdict | undefined): string {
  if (!verdict) return 'not checked';
  const failed = verdict.checks.filter(({ passed }) => !passed).map(({ name }) => name);
  return failed.length > 0 ? `fails ${failed.join(', ')}` : 'passes';
}

function checksTable({ checks }: Verdict): string {
  return table(
    checks.map(({ name, passed, detail }) => ({
      Check: name,
      Result: passed ? 'passes' : 'FAILS',
      Detail: detail,
    })),
  );
}
