import { resolve } from 'node:path';
import { HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';

/**
 * Parses the options that `npm run train` and `npm run retrain` share. Arguments after a second `--` go to the
 * trainer unchanged.
 *
 * @throws BadInputError that names the unknown option or the option without a value
 */
export function readTrainingOptions(args: string[]) {
  const separator = args.indexOf('--');
  const own = separator < 0 ? args : args.slice(0, separator);
  const text = { type: 'string' } as const;
  const { values } = readCommandLine({
    args: own,
    options: { bars: text, version: text, out: text, 'data-dir': text, ...HELP_OPTION },
  });
  const { 'data-dir': dataDir = '.boursomatic', ...rest } = values;
  return { ...rest, dataDir: resolve(dataDir), trainer: separator < 0 ? [] : args.slice(separator + 1) };
}
