import * as z from 'zod';
import { ADDING, type Adding, DEFAULT_ADDED_LIMIT, ENV } from '../../../shared/constants.ts';
import { readEnvironment } from '../../../shared/environment.ts';

/** Whether a user may add instruments. */
export type AddingRule = {
  /** The most instruments that users of the installation may add. */
  limit: number;
  /** Why the user may not add any, in sentences for the user; undefined if they may. */
  refusal?: string;
};

const Environment = z.object({
  [ENV.instrumentAdders]: z.enum(ADDING).default('anyone'),
  [ENV.addedInstrumentsLimit]: z.coerce.number().int().min(0).default(DEFAULT_ADDED_LIMIT),
});

/**
 * Reads who may add instruments.
 *
 * @throws ConfigurationError if a setting is malformed
 */
export function addingRuleFor({ isAdmin = false }: { isAdmin?: boolean }): AddingRule {
  const { INSTRUMENT_ADDERS: adding, ADDED_INSTRUMENTS_LIMIT: limit } = readEnvironment(Environment);
  const refusal = refusalOf(adding, isAdmin);
  return { limit, ...(refusal && { refusal }) };
}

function refusalOf(adding: Adding, isAdmin: boolean): string | undefined {
  switch (adding) {
    case 'anyone':
      return undefined;
    case 'admins':
      return isAdmin
        ? undefined
        : 'Only administrators may add stocks here. Ask one of them to follow it first.';
    case 'off':
      return 'This installation adds no stocks for its users.';
    case 'sample':
      return 'This installation shows the bundled sample, which other stocks cannot join.';
    case 'file':
      return 'This installation reads its prices from a file, which other stocks cannot join.';
  }
}
