import * as z from 'zod';
import { PROFILES } from '../../shared/constants.ts';

export const ProfileField = z
  .enum(PROFILES, { error: `must be one of ${PROFILES.join(', ')}` })
  .describe('The risk profile that requests use by default.');

export const ConsentVersion = z
  .string({ error: 'must be a version such as 2026-11-23' })
  .regex(/^\d{4}-\d\d-\d\d$/, 'must be a version such as 2026-11-23')
  .describe('The version of the risk notice: the day from which it is valid.');
