import type * as z from 'zod';
import { hasBody, readBody, textFaults } from './body.ts';
import type { AnyEndpoint } from './endpoint.ts';
import { faultAt, MAX_FAULTS, messageOf, type Place, toFaults, toSentence } from './faults.ts';
import type { ApiRequest } from './http.ts';
import { type Fault, problem } from './problem.ts';
import { readQuery } from './query.ts';

/** The validated parts of a request; undefined if the endpoint has no schema for the part. */
export interface Input {
  params: unknown;
  query: unknown;
  body: unknown;
}

const PARSING = { error: messageOf };

/**
 * Validates all parts of a request.
 *
 * @throws ApiError (400) with the faults of all parts, (415) if the body's content type is not JSON
 */
export function readInput(endpoint: AnyEndpoint, request: ApiRequest): Input {
  const faults: Fault[] = [];
  const params = readParams(endpoint.params, request.pathParameters, faults);
  const query = readParameters(endpoint.query, request.rawQueryString, faults);
  const body = endpoint.ignoresBody ? undefined : readMembers(endpoint.body, request, faults);
  if (faults.length === 0) return { params, query, body };
  const errors = faults.slice(0, MAX_FAULTS);
  throw problem('invalid-request', toSentence(errors), { errors });
}

function readParams(
  schema: z.ZodObject | undefined,
  given: ApiRequest['pathParameters'],
  faults: Fault[],
): unknown {
  if (!schema) return undefined;
  const values = given ?? {};
  const wrong = textFaults('parameter', values);
  if (wrong.length === 0) return parse('parameter', schema, values, faults);
  faults.push(...wrong);
  return undefined;
}

function readParameters(schema: z.ZodObject | undefined, raw: string, faults: Fault[]): unknown {
  if (!schema && raw === '') return undefined;
  const { values, faults: wrong } = readQuery(raw);
  faults.push(...wrong);
  if (schema) return parse('parameter', schema, values, faults);
  for (const name of Object.keys(values))
    faults.push(faultAt('parameter', [name], 'is not a known parameter'));
  return undefined;
}

function readMembers(schema: z.ZodObject | undefined, request: ApiRequest, faults: Fault[]): unknown {
  if (!schema) {
    if (hasBody(request)) faults.push(faultAt('pointer', [], 'must be empty'));
    return undefined;
  }
  const read = readBody(request);
  if ('value' in read) return parse('pointer', schema, read.value, faults);
  faults.push(...read.faults);
  return undefined;
}

function parse(place: Place, schema: z.ZodObject, value: unknown, faults: Fault[]): unknown {
  const result = schema.safeParse(value, PARSING);
  if (result.success) return result.data;
  faults.push(...toFaults(place, result.error));
  return undefined;
}
