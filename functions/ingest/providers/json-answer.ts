import type { z } from 'zod';
import { PartialAnswerError, SchemaDriftError } from './errors.ts';

/**
 * Reads a JSON answer of a known form.
 *
 * @param subject - the subject of messages: a symbol, or several
 * @throws PartialAnswerError if the text ends before its value does
 * @throws SchemaDriftError if it is not JSON, or of another form
 */
export function readJson<T extends z.ZodType>(subject: string, body: string, form: T): z.output<T> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (cause) {
    // A complete answer ends with a bracket or a brace.
    if (/^\s*[[{]/.test(body) || body.trim() === '')
      throw new PartialAnswerError(`${subject}: the answer is cut off`, { cause });
    throw new SchemaDriftError(`${subject}: unexpected answer: not JSON`, { cause });
  }
  const { data, error } = form.safeParse(json);
  if (error) {
    const [issue] = error.issues;
    const place = issue?.path.join('.').slice(0, 80);
    throw new SchemaDriftError(`${subject}: unexpected answer: ${place}: ${issue?.message}`);
  }
  return data;
}
