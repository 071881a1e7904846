import { setTimeout as wait } from 'node:timers/promises';
import { zonedInstant } from '../market/zone.ts';
import type { SmallDisk } from '../support/small-disk.ts';
import type { CallsOfDay } from './check-calls.ts';
import type { DaysMarket } from './days-market.ts';
import type { DaysService } from './days-service.ts';
import type { MovedClock } from './moved-clock.ts';
import type { Reader } from './reader.ts';
import type { Day } from './story.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Real time for each hour of the moved clock: enough for the reader, and enough for the service to see the hour. */
const CALM_MS = 100;
const BUSY_MS = 1_500;

/** The longest pause after failed attempts to sign in, as far as they come here. */
const THROTTLE_MS = 10_000;

/** A run may begin this long after it is due. */
const PROMPT_MS = MINUTE_MS;

/** The longest pause between two attempts, with the step of the clock and the length of a run. */
const RETRY_MS = 45 * MINUTE_MS;

/** Everything that takes part in a story. */
export interface World {
  clock: MovedClock;
  market: DaysMarket;
  service: DaysService;
  reader: Reader;
  /** The disk of the data folder; undefined on a machine that cannot mount one. */
  disk: SmallDisk | undefined;
  /** The calls that must be there in the end. */
  expected: CallsOfDay[];
  /** The days of an outage that have no run yet. */
  missed: string[];
  /** The addresses whose registration the service has confirmed. */
  registered: string[];
  faults: string[];
  say(line: string): void;
}

/** When the day's run is due: 2.5 hours after New York has closed. */
function dueOn(day: string): number {
  return zonedInstant(day, '18:30', 'America/New_York');
}

/** Waits for the first runs, which make the calls of the last closed day. */
export async function playStart(world: World, asOf: string): Promise<void> {
  const from = world.clock.now();
  await world.service.until('the first schedule', () => / closed on /.test(world.service.output()));
  await expectRun(world, { asOf, from: from - HOUR_MS, to: from + HOUR_MS });
}

/** Plays a trading day up to the end of its run. */
export async function playDay(world: World, { day, event }: Day, next: Day | undefined): Promise<void> {
  world.say(`${day}${event ? `: ${event}` : ''}`);
  await moveTo(world, zonedInstant(day, '12:00', 'UTC'));
  await registerUser(world, day);
  if (event === 'restart') await restart(world, 'restart', 'SIGTERM');
  if (event === 'outage') return playOutage(world, day, next);
  if (event === 'full disk' && world.disk) return playFullDisk(world, world.disk, day);
  const due = dueOn(day);
  await moveTo(world, due - 5_000);
  if (event === 'kill') {
    await world.service.until(
      'the run of the day',
      async () => (await world.service.runsSince(due)).length > 0,
    );
    await wait(500);
    await restart(world, 'kill', 'SIGKILL');
  }
  await expectRun(world, { asOf: day, from: due, to: due + 2 * PROMPT_MS });
}

/** Registers a user, who must be there in the end. */
async function registerUser({ reader, registered }: World, day: string): Promise<void> {
  const email = `user-${day}@example.com`;
  await reader.register(email);
  registered.push(email);
}

/** Lets the clock reach an instant, hour by hour. */
export async function moveTo(world: World, instant: number, realMs = CALM_MS): Promise<void> {
  while (world.clock.now() < instant) {
    const isClose = instant - world.clock.now() < HOUR_MS;
    await setClock(world, isClose ? instant : world.clock.now() + HOUR_MS);
    await wait(realMs);
  }
}

async function setClock({ clock, market, reader }: World, instant: number): Promise<void> {
  // A request that spans the jump of the clock may be ended by its time limit.
  await reader.between(() => clock.set(instant));
  market.market.setClock(instant + MINUTE_MS);
}

async function restart(
  { reader, service }: World,
  name: string,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<void> {
  await reader.excuse(name, async () => {
    await service.end(signal);
    await service.start();
  });
}

/** Waits for a run that succeeds, and expects its calls. */
async function expectRun(world: World, calls: CallsOfDay): Promise<void> {
  const { service, expected, faults } = world;
  const isDone = async () =>
    (await service.runsSince(calls.from)).some(({ status }) => status === 'succeeded');
  await service.until(`the calls as of ${calls.asOf}`, isDone);
  expected.push(calls);
  const first = (await service.runsSince(calls.from))[0]?.startedAt ?? Number.POSITIVE_INFINITY;
  if (first > calls.to) faults.push(`${calls.asOf}: the first run began at ${new Date(first).toISOString()}`);
}

/** The vendor is down from noon to the noon after the last day of the outage, whose calls are then made. */
async function playOutage(world: World, day: string, next: Day | undefined): Promise<void> {
  const { market, service, faults, missed, expected } = world;
  await market.setOpen(false);
  await moveTo(world, dueOn(day) + HOUR_MS, BUSY_MS);
  await service.until('a run that fails', async () =>
    (await service.runsSince(dueOn(day))).some(({ status }) => status === 'failed'),
  );
  if (next?.event === 'outage') return void missed.push(day);
  const morning = dueOn(day) + 13 * HOUR_MS;
  await moveTo(world, morning, BUSY_MS);
  const early = (await service.runsSince(dueOn(day))).filter(({ status }) => status === 'succeeded');
  if (early.length > 0) faults.push(`${day}: a run succeeded while the vendor was down`);
  await market.setOpen(true);
  await expectRetry(world, day, morning);
  // The days that passed without a run follow.
  const succeeded = async () =>
    (await service.runsSince(morning)).filter(({ status }) => status === 'succeeded').length;
  await service.until('the missed days', async () => (await succeeded()) > missed.length);
  for (const asOf of missed.splice(0)) expected.push({ asOf, from: morning, to: morning + RETRY_MS });
}

/** The disk is full from before the day's run to the next morning, when the calls are then made. */
async function playFullDisk(world: World, disk: SmallDisk, day: string): Promise<void> {
  const { service, reader, faults } = world;
  await moveTo(world, dueOn(day) - HOUR_MS);
  const morning = dueOn(day) + 11 * HOUR_MS;
  await disk.fill();
  const play = async () => {
    await moveTo(world, dueOn(day) - 5_000);
    const before = service.output().length;
    await service.until('a run that fails', () => /The run failed/.test(service.output().slice(before)));
    await moveTo(world, morning, BUSY_MS);
    await disk.free();
    await wait(THROTTLE_MS);
  };
  // A session cannot be saved. After attempts that failed, the next one has to wait.
  await reader.excuse('full disk', play, (fault) => /^sign-in: (429|503 .*storage-full)/.test(fault));
  const early = (await service.runsSince(dueOn(day))).filter(({ status }) => status === 'succeeded');
  if (early.length > 0) faults.push(`${day}: a run succeeded while the disk was full`);
  await expectRetry(world, day, morning);
}

/** Lets the clock go on until the service has tried again, and expects the calls of that run. */
async function expectRetry(world: World, asOf: string, from: number): Promise<void> {
  const { service, clock } = world;
  const statuses = async () => (await service.runsSince(from)).map(({ status }) => status);
  while (!(await statuses()).includes('succeeded') && clock.now() < from + RETRY_MS) {
    await wait(BUSY_MS);
    if (!(await statuses()).includes('running')) await setClock(world, clock.now() + 5 * MINUTE_MS);
  }
  await expectRun(world, { asOf, from, to: from + RETRY_MS });
}
