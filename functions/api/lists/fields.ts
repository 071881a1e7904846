import * as z from 'zod';

/** Fields of many answers. Answer schemas have no transforms, because they also become the OpenAPI document. */

export const Instant = z.iso.datetime().describe('An instant in UTC.');

export const Day = z.iso.date().describe('A day, `YYYY-MM-DD`.');

export const Id = z.uuid('must be a UUID').describe('The id.');

export const NextCursor = z
  .string()
  .nullable()
  .describe(
    'The `cursor` to send for the next page, with all other parameters unchanged; null on the last page.',
  );

export const Notice = z
  .string()
  .nullable()
  .describe('A notice to show to users, such as that the data is a sample; null if there is none.');
