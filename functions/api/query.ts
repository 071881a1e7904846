import type { z } from 'zod';
import type { ApiRequest } from './http.ts';
import { ApiError, type ParameterFault } from './problem.ts';

/** A faulty name is repeated to the client, who may have sent a very long one. */
const LONGEST_NAME_SHOWN = 40;

/**
 * Parses a request's query. A parameter that is given twice is refused: API Gateway joins its values with a
 * comma, and neither the first nor the last is surely the one that was meant.
 *
 * @param schema - a strict object schema; its messages continue a sentence that the parameter's name begins
 * @throws ApiError (400) that names each faulty parameter
 * @example parseQuery(request, z.strictObject({ limit: z.coerce.number().default(10) }))
 */
export function parseQuery<T extends z.ZodType>(
  request: Pick<ApiRequest, 'rawQueryString'>,
  schema: T,
): z.output<T> {
  const values = new Map<string, string>();
  const repeated = new Set<string>();
  for (const [name, value] of new URLSearchParams(request.rawQueryString)) {
    if (values.has(name)) repeated.add(name);
    values.set(name, value);
  }
  const faults: ParameterFault[] = [...repeated].map((name) => fault(name, 'is given more than once'));
  const result = schema.safeParse(Object.fromEntries(values));
  if (result.success && faults.length === 0) return result.data;
  for (const issue of result.error?.issues ?? []) faults.push(...issueFaults(issue));
  throw new ApiError({
    status: 400,
    type: 'invalid-parameter',
    title: 'Invalid parameter',
    detail: `${faults.map(({ parameter, detail }) => `${parameter} ${detail}`).join('; ')}.`,
    errors: faults,
  });
}

function issueFaults(issue: z.core.$ZodIssue): ParameterFault[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => fault(key, 'is not a parameter'));
  return [fault(issue.path.join('.'), issue.message)];
}

function fault(name: string, detail: string): ParameterFault {
  return { parameter: name.slice(0, LONGEST_NAME_SHOWN), detail };
}
