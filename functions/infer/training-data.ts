import * as z from 'zod';
import { valueAt } from '../shared/value-at.ts';

/** Age of a model's training data from which it should be trained again. */
const OLD_AFTER_YEARS = 2;

const Day = z.iso.date();

/** The last day of a release's training data, `YYYY-MM-DD`; null if its manifest does not name it. */
export function dataToOf(manifest: { training?: unknown }): string | null {
  return Day.safeParse(valueAt(manifest.training, ['dataTo'])).data ?? null;
}

/**
 * What to do about a model with old training data, as a sentence for a person; null if nothing.
 *
 * @param dataTo - the last day of its training data, `YYYY-MM-DD`; null if unknown
 * @param today - by the real clock, because the clock of a service with sample data stands still
 */
export function retrainingNotice(dataTo: string | null, today: Date = new Date()): string | null {
  if (dataTo === null) return null;
  const oldest = new Date(today);
  oldest.setUTCFullYear(oldest.getUTCFullYear() - OLD_AFTER_YEARS);
  if (Date.parse(dataTo) >= oldest.getTime()) return null;
  return `The model learned from prices up to ${dataTo}, more than ${OLD_AFTER_YEARS} years ago. An administrator should retrain it on newer prices (npm run retrain).`;
}
