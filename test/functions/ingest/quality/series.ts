import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { at } from '../support.ts';

const DAY_MS = 86_400_000;

/** Weekdays from a day on, as many as asked for, at midnight UTC. */
export function weekdays(from: string, count: number): number[] {
  const days: number[] = [];
  for (let day = at(from); days.length < count; day += DAY_MS) {
    const weekday = new Date(day).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days.push(day);
  }
  return days;
}

/** Bars of weekdays from 2025-01-06 on that close at the prices given, within one percent of each. */
export function closing(...closes: number[]): RawBar[] {
  return weekdays('2025-01-06', closes.length).map((ts, i) => {
    const c = closes[i] ?? 0;
    return [ts, c, c * 1.01, c * 0.99, c, 1000 + i];
  });
}

/** Closes that move by a share up and down in turn. */
export function swinging(count: number, start: number, share: number): number[] {
  return Array.from({ length: count }, (_, i) => start * (i % 2 === 0 ? 1 : 1 + share));
}
