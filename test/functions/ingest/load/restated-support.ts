import { DIVIDEND, history, MONDAY, MONDAY_RUN, OVERLAP, type Run, useRunner } from '../history-support.ts';

export const { db, runner } = useRunner(['AAPL', 'IBM']);

/** The bars that the source has on Monday, adjusted for the dividend. */
export const adjusted = { factor: 0.99, before: MONDAY };
/** The batch that fetches the whole history. */
export const WHOLE: Run = { ...MONDAY_RUN, from: '2018-03-09', fetchedAt: '2026-03-09T23:05:00.000Z' };

/** Fetches Monday's bars: AAPL paid a dividend and IBM did not. */
export async function monday(): Promise<void> {
  await runner.begin(['AAPL', 'IBM']);
  const bars = history(MONDAY, { from: OVERLAP, ...adjusted });
  await runner.fetch(MONDAY_RUN, 'AAPL', bars, { actions: [DIVIDEND] });
  await runner.fetch(MONDAY_RUN, 'IBM', history(MONDAY, { from: OVERLAP }));
  await runner.fetch(WHOLE, 'AAPL', history(MONDAY, adjusted), { actions: [DIVIDEND] });
}
export const loadMonday = () => runner.load(MONDAY_RUN, ['AAPL', 'IBM']);

/** The stored actions, as `symbol day kind value source`. */
export async function actions(): Promise<string[]> {
  const rows = await db.sql<{ line: string }[]>`
    SELECT concat_ws(' ', i.symbol, a.ex_date, a.kind, a.value, a.source) AS line
    FROM corporate_actions a JOIN instruments i ON i.id = a.instrument_id ORDER BY 1`;
  return rows.map(({ line }) => line);
}
