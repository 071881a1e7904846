import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { ALL_ENDPOINTS } from '../../../functions/api/openapi/all-endpoints.ts';
import { ENV } from '../../../functions/shared/constants.ts';
import { signedInUser, type TestUser } from './api-client.ts';
import { seedModelAndRun, seedRecommendation } from './recommendations/support.ts';
import { useApi } from './use-api.ts';
import { useService } from './use-service.ts';

const db = useApi((made) => ({ [ENV.modelObjectsUrl]: pathToFileURL(`${made.objects}/models/`).href }));
const service = useService();
let admin: TestUser;
beforeAll(async () => {
  await seedModelAndRun(db.sql);
  await seedRecommendation(db.sql, { symbol: 'AAPL', profile: 'conservative' });
  admin = await signedInUser(db, { consented: true, isAdmin: true });
  await db.sql`REVOKE INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public FROM boursomatic_api`;
  // An export is recorded.
  await db.sql`GRANT INSERT ON security_events TO boursomatic_api`;
});

const PARAMETERS: Record<string, string> = { symbol: 'AAPL', version: 'v1.2.3' };
const READS = ALL_ENDPOINTS.filter(({ method }) => method === 'GET').map(({ path }) => path);

test.each(READS)('GET %s changes nothing but the record of security events', async (path) => {
  // Publications have numbers, and everything else a UUID.
  const id = path.startsWith('/v1/publications') ? '1' : randomUUID();
  const target = path.replaceAll(/\{(\w+)\}/g, (_match, name) => PARAMETERS[name] ?? id);
  const query = path === '/v1/alerts/unsubscribe' ? '?token=unknown' : '';
  const { status } = await fetch(service.url + target + query, {
    headers: { authorization: `Bearer ${admin.accessToken}` },
  });
  expect([200, 404]).toContain(status);
});

test('a change fails without that right, so the tests above would notice one', async () => {
  const { status } = await fetch(`${service.url}/v1/me/consent`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${admin.accessToken}` },
  });
  expect(status).toBe(500);
});
