import type { ChartResultObject } from 'yahoo-finance2/modules/chart';
import type { CorporateAction } from '../provider.ts';

/**
 * The splits and dividends of a chart, ascending by ex day. Dividends are as Yahoo states them: in shares of
 * today, as its prices are.
 *
 * @param dayOf - the day that an instant is on at the exchange
 */
export function readActions(
  { events }: ChartResultObject,
  dayOf: (instant: number) => string,
): CorporateAction[] {
  const splits = Object.values(events?.splits ?? {}).map(
    ({ date, numerator, denominator }): CorporateAction => ({
      exDay: dayOf(date.getTime()),
      kind: 'split',
      value: numerator / denominator,
    }),
  );
  const dividends = Object.values(events?.dividends ?? {}).map(
    ({ date, amount }): CorporateAction => ({
      exDay: dayOf(date.getTime()),
      kind: 'dividend',
      value: amount,
    }),
  );
  return [...splits, ...dividends]
    .filter(({ value }) => Number.isFinite(value) && value > 0)
    .sort((a, b) => a.exDay.localeCompare(b.exDay) || b.kind.localeCompare(a.kind));
}

/** An action as it was announced: a dividend in shares of its own day, before the splits that followed. */
export function asPaid(action: CorporateAction, actions: readonly CorporateAction[]): CorporateAction {
  if (action.kind === 'split') return action;
  const later = actions.filter(({ kind, exDay }) => kind === 'split' && exDay > action.exDay);
  return { ...action, value: later.reduce((value, split) => value * split.value, action.value) };
}
