import { DayRun, playDay } from './play-day.ts';

/** Plays the day of its argument in a process of its own, which can be killed. Prints a line when it begins. */
process.stdout.write('begins\n');
await playDay(DayRun.parse(JSON.parse(process.argv[2] ?? '')));
process.exit();
