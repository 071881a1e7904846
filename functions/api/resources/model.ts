import * as z from 'zod';
import { Day } from '../lists/fields.ts';

/** The last day of a model's training data, in every answer with its calls. */
export const ModelDataTo = Day.nullable().describe(
  "The last day of the model's training data; null if its release does not name it.",
);

export const ModelNotice = z
  .string()
  .nullable()
  .describe(
    'Advice to retrain the model, in one or two sentences, if its training data end more than two years before today; otherwise null.',
  );
