import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll } from 'vitest';
import { type HttpService, type ServiceAnswer, startHttpService } from './http-service.ts';

/** A certificate for `localhost` with its key, which nothing but these tests trusts. */
export const LOCALHOST_PEM = readFileSync(new URL('localhost.pem', import.meta.url), 'utf8');

/** Starts an HTTPS server on 127.0.0.1 with a certificate for `localhost`. */
export function startHttpsService(handle: () => ServiceAnswer): Promise<HttpService> {
  return startHttpService(handle, (listener) =>
    createServer({ key: LOCALHOST_PEM, cert: LOCALHOST_PEM }, listener),
  );
}

/** Trusts the certificate during the tests of the block that calls this. */
export function trustLocalhost(): void {
  const trusted = getCACertificates('default');
  beforeAll(() => setDefaultCACertificates([...trusted, LOCALHOST_PEM]));
  afterAll(() => setDefaultCACertificates(trusted));
}
