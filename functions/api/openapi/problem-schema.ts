import * as z from 'zod';

const detail = z
  .string()
  .describe('What is wrong. It continues a sentence that begins with the name of the parameter or member.');

/** The body of every error response, for the OpenAPI document. */
export const ProblemSchema = z
  .looseObject({
    type: z
      .string()
      .describe(
        'The problem type, such as `/problems/not-found`. It is stable, so programs can branch on it.',
      ),
    title: z.string().describe('The problem type in words.'),
    status: z.int().describe('The HTTP status.'),
    detail: z.string().optional().describe('What went wrong, and what to do.'),
    errors: z
      .array(
        z.union([
          z.strictObject({
            parameter: z.string().describe('The name of a path or query parameter.'),
            detail,
          }),
          z.strictObject({
            pointer: z
              .string()
              .describe('A JSON pointer into the body, as a URI fragment such as `#/email`.'),
            detail,
          }),
        ]),
      )
      .optional()
      .describe('The faults of the request, one by one.'),
  })
  .meta({ id: 'Problem', description: 'An error (RFC 9457).' });
