import type { CorporateAction } from '../provider.ts';
import type { Chart } from './yahoo-chart-answer.ts';

/**
 * Reads the splits and dividends of a chart, ascending by ex day. Yahoo states dividends, like prices, in today's
 * shares.
 *
 * @param dayOf - the trading day of a session by its stamp
 */
export function readActions({ events }: Chart, dayOf: (instant: number) => string): CorporateAction[] {
  const splits = Object.values(events?.splits ?? {}).map(
    ({ date, numerator, denominator }): CorporateAction => ({
      exDay: dayOf(date),
      kind: 'split',
      value: numerator / denominator,
    }),
  );
  const dividends = Object.values(events?.dividends ?? {}).map(
    ({ date, amount }): CorporateAction => ({
      exDay: dayOf(date),
      kind: 'dividend',
      value: amount,
    }),
  );
  return [...splits, ...dividends]
    .filter(({ value }) => Number.isFinite(value) && value > 0)
    .sort((a, b) => a.exDay.localeCompare(b.exDay) || b.kind.localeCompare(a.kind));
}

/** The action as announced: a dividend in shares of its own day, before later splits. */
export function asPaid(action: CorporateAction, actions: readonly CorporateAction[]): CorporateAction {
  if (action.kind === 'split') return action;
  const later = actions.filter(({ kind, exDay }) => kind === 'split' && exDay > action.exDay);
  return { ...action, value: later.reduce((value, split) => value * split.value, action.value) };
}
