import * as z from 'zod';

/** A local time of day, `HH:MM`. */
export const LocalTime = z
  .string()
  .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'must be a time such as 07:30, from 00:00 to 23:59');
