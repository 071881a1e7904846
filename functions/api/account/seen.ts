import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';

/** The newest instant up to which the user has seen a list. */
export const SeenUntil = z.iso.datetime('must be an instant such as 2026-03-02T08:00:00.000Z');

/** The instant to store for a sent one. Nobody has seen the future, and Postgres has no year 0. */
export function seenUntil(until: string): Date {
  return new Date(Math.max(0, Math.min(Date.parse(until), wallClock().getTime())));
}
