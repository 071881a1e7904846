import * as z from 'zod';

const detail = z.string().describe('What is wrong with it; continues a sentence that its name begins.');

/** What every answer that is an error says, for the documentation. */
export const ProblemSchema = z
  .looseObject({
    type: z
      .string()
      .describe('The kind of problem, stable: a program may branch on it. A reference with a full path.'),
    title: z.string().describe('The kind of problem in words.'),
    status: z.int().describe('The status of the answer.'),
    detail: z.string().optional().describe('What went wrong this time, and what would be right.'),
    errors: z
      .array(
        z.union([
          z.strictObject({ parameter: z.string().describe('A parameter of the path or the query.'), detail }),
          z.strictObject({
            pointer: z.string().describe('A JSON pointer into the body, as the fragment of a URI.'),
            detail,
          }),
        ]),
      )
      .optional()
      .describe('Each part of the request that is wrong.'),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457).' });
