import * as z from 'zod';
import { PROFILES } from '../../shared/constants.ts';

/** A risk profile. */
export const ProfileField = z
  .enum(PROFILES, { error: `must be one of ${PROFILES.join(', ')}` })
  .describe('The risk profile whose recommendations are shown unless a request names another.');

/** The version of a consent text. */
export const ConsentVersion = z
  .string({ error: 'must be a version such as 2026-11-23' })
  .regex(/^\d{4}-\d\d-\d\d$/, 'must be a version such as 2026-11-23')
  .describe('The version of the text: the day from which it is valid.');
