import { resolve } from 'node:path';
import { BadInputError } from '../../functions/shared/errors.ts';
import { variableOf } from '../terminal/command-line.ts';

/**
 * The data folder that an option names, by default that of BOURSOMATIC_DATA_DIR, else `.boursomatic`.
 *
 * @throws BadInputError for an empty name, which would be the current folder
 */
export function dataFolder(option = process.env[variableOf('data-dir')] || '.boursomatic'): string {
  if (option === '') throw new BadInputError('--data-dir is empty');
  return resolve(option);
}
