import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort } from '../../local/installation/postgres-server.ts';
import { checkOptions, readCommandLine } from '../../local/terminal/command-line.ts';
import { exitOnError } from '../../local/terminal/exit.ts';
import { Progress } from '../../local/terminal/progress.ts';
import { lastTradingDays, NASDAQ } from '../market/trading-hours.ts';
import { makeDisk, noDisk } from '../support/small-disk.ts';
import { removeData } from '../survival/service.ts';
import { backupAndRestore } from './backup-and-restore.ts';
import { checkCalls, checkChanges } from './check-calls.ts';
import { openDaysMarket } from './days-market.ts';
import { DaysService } from './days-service.ts';
import { MovedClock } from './moved-clock.ts';
import { Reader } from './reader.ts';
import { LONG_STORY, SHORT_STORY } from './story.ts';
import { playDay, playStart, type World } from './world.ts';

const HELP = `Usage: npm run test:days [-- options]

Runs the service over trading days of a moved clock, with a loopback market, while a user reads all the time. The vendor
is down, the service is stopped, started and killed, the disk is full, and clocks change to winter time. Fails if a call
is missing, duplicated or misdated, if a request fails while the service is neither stopped nor killed, if a
registered user is missing, or if a backup of it differs once it is restored. Needs libfaketime, and root for the full disk.

  --days N   10 (default) or 3
  --help     this text
`;

const Options = z.object({
  help: z.boolean().default(false),
  days: z
    .enum(['3', '10'], 'must be 3 or 10')
    .default('10')
    .transform((days) => (days === '3' ? SHORT_STORY : LONG_STORY)),
});

/** Enough for the database and its log, and little to fill. */
const DISK_MEGABYTES = 1_500;

async function main(): Promise<void> {
  const { values } = readCommandLine({ options: { days: { type: 'string' }, help: { type: 'boolean' } } });
  const options = checkOptions(Options, values);
  if (options.help) return void process.stdout.write(HELP);
  const story = options.days;
  const progress = new Progress();
  const needsDisk = story.some(({ event }) => event === 'full disk');
  if (needsDisk && noDisk) progress.line(`Without a full disk: this machine ${noDisk}.`);
  const disk = needsDisk && !noDisk ? await makeDisk(DISK_MEGABYTES) : undefined;
  const home = await mkdtemp(join(tmpdir(), 'boursomatic-days-'));
  await chmod(home, 0o755);
  const dataDir = join(disk?.folder ?? home, 'data');
  await mkdir(dataDir, { mode: 0o755 });
  const [first, last] = [story[0], story.at(-1)];
  if (!first || !last) throw new Error('a story without days');
  const clock = await MovedClock.start(`${first.day}T09:00:00Z`);
  const market = await openDaysMarket(last.day, join(home, 'reference.csv'));
  market.market.setClock(clock.now());
  const service = new DaysService(dataDir, await freePort(), { ...clock.environment, ...market.environment });
  let reader: Reader | undefined;
  try {
    await service.start(market.options);
    reader = await Reader.start(service.origin, () => clock.now());
    const faults: string[] = [];
    const world: World = {
      ...{ clock, market, service, reader, disk, faults },
      expected: [],
      registered: [],
      missed: [],
      say: (line) => progress.line(line),
    };
    await playStart(world, lastTradingDays(NASDAQ, first.day, 2)[0] ?? '');
    for (const [i, day] of story.entries()) await playDay(world, day, story[i + 1]);
    const answers = await reader.stop();
    faults.push(...answers.failures, ...(await check(world)));
    progress.line('Backup and restore');
    faults.push(...(await backupAndRestore(service, home, clock.environment)));
    for (const fault of faults.slice(0, 50)) progress.line(fault);
    if (faults.length > 0) {
      const log = join(tmpdir(), 'boursomatic-days.log');
      await writeFile(log, service.output());
      progress.line(`The service printed ${log}`);
    }
    const { failures, ...counts } = answers;
    process.stdout.write(
      `${JSON.stringify({ days: story.length, ...counts, failed: failures.length, faults: faults.length })}\n`,
    );
    if (faults.length > 0) process.exitCode = 1;
  } finally {
    await reader?.stop();
    await service.end('SIGTERM');
    await market.setOpen(false);
    await removeData(join(home, 'restored'));
    await removeData(dataDir);
    await disk?.remove();
    await clock.remove();
    await rm(home, { recursive: true, force: true });
  }
}

/** Compares what the database holds with what happened. */
async function check({ service, market, expected, registered }: World): Promise<string[]> {
  const faults = await service.ask(async (sql) => {
    const users = (await sql<{ email: string }[]>`SELECT email::text FROM users`).map(({ email }) => email);
    const missing = registered.filter((email) => !users.includes(email));
    return [
      ...(await checkCalls(sql, expected, market.symbols)),
      ...(await checkChanges(sql)),
      ...missing.map((email) => `${email} was registered and is missing`),
    ];
  });
  return faults ?? ['the database cannot be read'];
}

await exitOnError(main);
