import { resolve } from 'node:path';
import { stopSignal } from '../installation/stop-signal.ts';
import { runOnce } from '../service/run-once.ts';
import { runService } from '../service/service.ts';
import { exitOnError, outliveOutput } from '../terminal/exit.ts';
import { Progress } from '../terminal/progress.ts';
import { choiceOfStart, HELP, parseOptions, scheduleOf } from './start-options.ts';

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  process.env.LOG_LEVEL ??= 'warn';
  outliveOutput();
  const progress = new Progress();
  const stopping = stopSignal();
  const common = {
    ...options,
    dataDir: resolve(options['data-dir']),
    asOf: options['as-of'],
    dateFormat: options['date-format'],
    choice: choiceOfStart(options),
  };
  const place = {
    port: options.port,
    host: options.host,
    publicUrls: options['public-url'],
    proxies: options['trust-proxy'],
  };
  const adding = { adders: options['add-stocks'], mostAdded: options['most-added'] };
  if (options.once) return runOnce(common, progress, stopping);
  await runService(
    { ...common, place, adding, schedule: scheduleOf(options), isRunWanted: options['run-now'] },
    progress,
    stopping,
  );
}

await exitOnError(main);
// Work that was broken off, such as a run, must not keep the process alive. Its output is written first.
process.stdout.write('', () => process.exit());
