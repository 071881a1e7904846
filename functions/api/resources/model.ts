import * as z from 'zod';
import { Day } from '../lists/fields.ts';

/** The last day of a model's training data, in every answer that carries its calls. */
export const ModelDataTo = Day.nullable().describe(
  "The last day of the model's training data; null if its release does not name it.",
);

export const ModelNotice = z
  .string()
  .nullable()
  .describe(
    'What to do about the model, in one or two sentences: retrain it if its training data end more than two years before today. Null if there is nothing to do.',
  );
