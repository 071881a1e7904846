import * as z from 'zod';

/** Parts that many answers have. Schemas of answers transform nothing: they also become the documentation. */

export const Instant = z.iso.datetime().describe('An instant in UTC.');

export const Day = z.iso.date().describe('A day, `YYYY-MM-DD`.');

export const NextCursor = z
  .string()
  .nullable()
  .describe('Asks for the entries after these, with the same parameters; null at the end of the list.');

export const Notice = z
  .string()
  .nullable()
  .describe('What every answer must say, such as that the data is a sample; null for nothing.');
