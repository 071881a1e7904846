import { resolve } from 'node:path';
import { BadInputError } from '../../functions/shared/errors.ts';

/**
 * The data folder that an option names.
 *
 * @throws BadInputError for an empty name, which would be the current folder
 */
export function dataFolder(option = '.boursomatic'): string {
  if (option === '') throw new BadInputError('--data-dir is empty');
  return resolve(option);
}
