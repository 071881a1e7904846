import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll } from 'vitest';
import { type HttpService, type ServiceAnswer, startHttpService } from './http-service.ts';

/** A certificate for `localhost` with its key, which nothing but these tests trusts. */
const PEM = readFileSync(new URL('localhost.pem', import.meta.url), 'utf8');

/** Starts an HTTPS server on 127.0.0.1 with a certificate for `localhost`. */
export function startHttpsService(handle: () => ServiceAnswer): Promise<HttpService> {
  return startHttpService(handle, (listener) => createServer({ key: PEM, cert: PEM }, listener));
}

/** Trusts the certificate until the file's tests end. */
export function trustLocalhost(): void {
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, PEM]);
  afterAll(() => setDefaultCACertificates(trusted));
}
