import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { DATE_FORMATS } from '../../functions/ingest/bars-file/days.ts';
import { CurrencyCode, DOLLAR } from '../../functions/shared/currencies.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { DATA_OPTIONS } from '../installation/chosen-data.ts';
import { dataFolder } from '../installation/data-folder.ts';
import { checkOptions, HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';

/** Training ranks illiquidity, which needs a currency: bars of one unknown currency have the same ranks in any. */
export const DEFAULT_CURRENCY = DOLLAR;

const FileOptions = z.object({
  'date-format': z.enum(DATE_FORMATS, `must be one of ${DATE_FORMATS.join(', ')}`).optional(),
  currency: CurrencyCode.optional(),
});

/**
 * Parses the options of `npm run train` and `npm run retrain`. Arguments after a second `--` go to the trainer unchanged,
 * after `--membership`.
 *
 * @throws BadInputError that names the unknown option, the option without a value, the one that needs a bars file, or
 * the missing membership file
 */
export function readTrainingOptions(args: string[]) {
  const separator = args.indexOf('--');
  const own = separator < 0 ? args : args.slice(0, separator);
  const text = { type: 'string' } as const;
  const { values } = readCommandLine({
    args: own,
    options: {
      ...HELP_OPTION,
      bars: text,
      membership: text,
      'date-format': text,
      currency: text,
      version: text,
      out: text,
      ...DATA_OPTIONS,
    },
  });
  const { 'data-dir': folder, 'date-format': order, currency: code, membership, ...rest } = values;
  if (rest.bars === '') throw new BadInputError('--bars is empty');
  const ofFile = { 'date-format': order, currency: code };
  for (const [name, value] of Object.entries(ofFile)) {
    if (value !== undefined && rest.bars === undefined)
      throw new BadInputError(`--${name} goes only with --bars`);
  }
  const { 'date-format': dateFormat, currency = DEFAULT_CURRENCY } = checkOptions(FileOptions, ofFile);
  // Checked before bars are loaded for minutes.
  if (membership !== undefined && !existsSync(membership))
    throw new BadInputError(`--membership ${membership}: no such file`);
  const trainer = [
    ...(membership === undefined ? [] : ['--membership', resolve(membership)]),
    ...(separator < 0 ? [] : args.slice(separator + 1)),
  ];
  return { ...rest, dateFormat, currency, dataDir: dataFolder(folder), trainer };
}
