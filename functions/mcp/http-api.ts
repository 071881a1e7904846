import type { AnyEndpoint } from '../api/core/endpoint.ts';
import type { Problem } from '../api/core/problem.ts';
import { type Answer, type Api, ApiProblem, type Operation, pathOf, queryString, type Sent } from './api.ts';
import { ENDPOINTS } from './endpoints.ts';

/** A little longer than the service's own time limit. */
const TIMEOUT_MS = 35_000;

/** The API of a service over HTTP. */
export class HttpApi implements Api {
  readonly #url: string;
  readonly #key: string;

  /**
   * @param url - the address of the service, without a path
   * @param key - an API key
   */
  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  async call<O extends Operation>(operation: O, sent: Sent<O> = {}): Promise<Answer<O>> {
    const { method, path }: AnyEndpoint = await ENDPOINTS[operation]();
    const query = queryString(sent.query);
    const url = `${this.#url}${pathOf(path, sent.path)}${query && `?${query}`}`;
    const { status, text } = await this.#send(url, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${this.#key}`,
        ...(sent.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(sent.body !== undefined && { body: JSON.stringify(sent.body) }),
    });
    if (status === 204) return undefined as Answer<O>;
    const body = asJson(text);
    if (status < 300 && body !== undefined) return body as Answer<O>;
    throw new ApiProblem(isProblem(body) ? body : this.#foreign(status));
  }

  async #send(url: string, init: RequestInit): Promise<{ status: number; text: string }> {
    try {
      // A redirect would send the key to another server.
      const response = await fetch(url, {
        ...init,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      throw new ApiProblem({
        type: 'about:blank',
        title: 'Service unreachable',
        status: 503,
        detail: isLate
          ? `The service at ${this.#url} did not answer in ${TIMEOUT_MS / 1000} seconds.`
          : `The service at ${this.#url} cannot be reached. Start it with npm start, or give its address with --url.`,
      });
    }
  }

  /** The problem for an answer that is not the API's. */
  #foreign(status: number): Problem {
    return {
      type: 'about:blank',
      title: 'Unexpected answer',
      status,
      detail: `The server at ${this.#url} answered with status ${status}, but not as this API does. Check the address.`,
    };
  }
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' &&
    body !== null &&
    'type' in body &&
    'title' in body &&
    typeof body.title === 'string'
  );
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
