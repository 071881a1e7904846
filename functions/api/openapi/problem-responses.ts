import type { Access, AnyEndpoint } from '../core/endpoint.ts';
import { PROBLEM_TYPES, type ProblemType } from '../core/problem-types.ts';
import type { ApiAnswer } from './format.ts';

/** The problems of each kind of access. */
const OF_ACCESS: Readonly<Record<Access, readonly ProblemType[]>> = {
  public: [],
  reader: ['not-signed-in', 'api-key-refused', 'too-many-requests'],
  consented: ['not-signed-in', 'api-key-refused', 'consent-required', 'too-many-requests'],
  follower: ['not-signed-in', 'api-key-refused', 'not-allowed', 'too-many-requests'],
  user: ['not-signed-in', 'not-allowed'],
  admin: ['not-signed-in', 'not-allowed'],
};

/** All problem types that an operation can return, by status. */
function problemTypes(endpoint: AnyEndpoint): ProblemType[] {
  const { params, query, body, confirmation, problems = [] } = endpoint;
  const access: Access = endpoint.access;
  const types = new Set<ProblemType>([
    ...OF_ACCESS[access],
    ...(problems as readonly ProblemType[]),
    'headers-too-large',
    'database-unreachable',
    'storage-full',
  ]);
  if (endpoint.method !== 'GET') types.add('outcome-unknown');
  // Every operation rejects unknown parameters.
  types.add('invalid-request');
  if (confirmation) types.add('confirmation-required');
  // A parameter with a slash in it changes the path.
  if (params) types.add('not-found');
  if (body) types.add('body-too-large').add('unsupported-media-type');
  if (query && 'cursor' in query.shape) types.add('invalid-cursor');
  return [...types].sort((a, b) => PROBLEM_TYPES[a].status - PROBLEM_TYPES[b].status);
}

/** The shared error responses. */
export class ProblemResponses {
  readonly #shared = new Map<string, ApiAnswer>();

  /** The shared responses, sorted by name. */
  get shared(): Record<string, ApiAnswer> {
    return Object.fromEntries([...this.#shared].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** References to the error responses of an operation, by status. */
  of(endpoint: AnyEndpoint): Record<string, { $ref: string }> {
    const byStatus = new Map<number, ProblemType[]>();
    for (const type of problemTypes(endpoint)) {
      const { status } = PROBLEM_TYPES[type];
      byStatus.set(status, [...(byStatus.get(status) ?? []), type]);
    }
    const responses = [...byStatus].map(([status, types]) => [status, this.#refer(types.sort())]);
    return { ...Object.fromEntries(responses), 500: this.#share('Failure', FAILURE) };
  }

  #refer(types: readonly ProblemType[]): { $ref: string } {
    const titles = types.map((type) => PROBLEM_TYPES[type].title);
    return this.#share(
      types.map(pascalCase).join('Or'),
      answer(
        titles,
        types.map((type) => `/problems/${type}`),
      ),
    );
  }

  #share(name: string, shared: ApiAnswer): { $ref: string } {
    this.#shared.set(name, shared);
    return { $ref: `#/components/responses/${name}` };
  }
}

const FAILURE = answer(['Internal error; the service has logged it'], ['about:blank']);

/** @example pascalCase('not-signed-in') // 'NotSignedIn' */
function pascalCase(type: ProblemType): string {
  return type.replaceAll(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function answer(titles: readonly string[], types: readonly string[]): ApiAnswer {
  return {
    description: `${titles.join('; ')}.`,
    content: {
      'application/problem+json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { type: { enum: types } } }],
        },
      },
    },
  };
}
