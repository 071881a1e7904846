import { setTimeout as wait } from 'node:timers/promises';
import { database } from '../../../functions/shared/database.ts';
import { addDays, toDay } from '../../../functions/shared/days.ts';
import { CALLED, publishDay } from '../../functions/infer/changes-support.ts';
import { readOptions } from './process.ts';

/** Publishes calls of one day after another until it is killed. It begins with the last published day again. */
const { databaseSecret, model, instruments } = readOptions();
const CALLS = Object.values(CALLED);
const FIRST_DAY = '2001-01-01';

const sql = await database(databaseSecret);
const [newest] = await sql<{ day: Date | null }[]>`SELECT max(as_of) AS day FROM recommendations`;
process.send?.('ready');
for (let day = newest?.day ? toDay(newest.day) : FIRST_DAY; ; day = addDays(day, 1)) {
  const number = Date.parse(day) / 86_400_000;
  // Each stock changes its label at a pace of its own, so that some days change nothing for a user.
  const calls = instruments.map((id, i) => [id, CALLS[Math.floor(number / (i + 1)) % CALLS.length] ?? {}]);
  await publishDay(sql, { asOf: day, model }, Object.fromEntries(calls));
  await wait(10);
}
