import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { DAY_MS } from '../../../../functions/shared/days.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { at } from '../support.ts';

/** A number of weekdays from a day on, at midnight UTC. */
export function weekdays(from: string, count: number): number[] {
  const days: number[] = [];
  for (let day = at(from); days.length < count; day += DAY_MS) {
    const weekday = new Date(day).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days.push(day);
  }
  return days;
}

/** Bars of weekdays from 2025-01-06 on with the given closes, each within one percent of its close. */
export function closing(...closes: number[]): RawBar[] {
  const days = weekdays('2025-01-06', closes.length);
  return closes.map((c, i) => [defined(days[i], 'day'), c, c * 1.01, c * 0.99, c, 1000 + i]);
}

/** Closes that alternately move up and down by a share. */
export function swinging(count: number, start: number, share: number): number[] {
  return Array.from({ length: count }, (_, i) => start * (i % 2 === 0 ? 1 : 1 + share));
}
