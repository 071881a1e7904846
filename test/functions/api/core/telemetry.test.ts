import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let err: string[];
let out: string[];
beforeEach(() => {
  vi.resetModules();
  err = [];
  out = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => Boolean(err.push(String(chunk))));
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => Boolean(out.push(String(chunk))));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

/** Imports the modules as a new container does. */
async function start(environment: Record<string, string>) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const telemetry = await import('../../../../functions/api/core/telemetry.ts');
  const { apiHandler } = await import('../../../../functions/api/core/api-handler.ts');
  const { json } = await import('../../../../functions/api/core/http.ts');
  const { getRequest, lambdaContext } = await import('../support.ts');
  const ask = (work: () => void) =>
    apiHandler(async () => {
      work();
      return json(200, {});
    })(getRequest('/v1/x'), lambdaContext());
  return { ...telemetry, ask };
}

const fields = (line: string | undefined) => JSON.parse(line ?? '{}');

test('logs in the shared format with the invocation', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-06T21:30:00Z') });
  const { logger, ask } = await start({ LOG_LEVEL: 'info', AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' });
  await ask(() => logger.error('it broke', { requestId: 'request-1', count: 2 }));
  expect(err).toHaveLength(1);
  expect(fields(err[0])).toEqual({
    level: 'error',
    event: 'it broke',
    time: '2026-03-06T21:30:00.000Z',
    invocationId: 'invocation-1',
    coldStart: true,
    requestId: 'request-1',
    count: 2,
  });
});

test.each([
  ['warn', 0],
  ['silent', 0],
  ['info', 1],
  ['', 1],
  ['nonsense', 1],
])('applies LOG_LEVEL %s, which writes %i lines', async (level, lines) => {
  const { count, ask } = await start({ LOG_LEVEL: level });
  await ask(() => count('LoginRefused'));
  expect([...err, ...out]).toHaveLength(lines);
});

test('applies a LOG_LEVEL that is set after the modules are loaded', async () => {
  const { count, ask } = await start({ LOG_LEVEL: 'info' });
  vi.stubEnv('LOG_LEVEL', 'warn');
  await ask(() => count('LoginRefused'));
  await ask(() => count('LoginRefused'));
  expect([...err, ...out]).toEqual([]);
  vi.stubEnv('LOG_LEVEL', 'info');
  await ask(() => count('LoginRefused'));
  expect([...err, ...out]).toHaveLength(1);
});

test('publishes metrics in Lambda, and nothing for a request without any', async () => {
  const { count, ask } = await start({ LOG_LEVEL: 'silent', AWS_LAMBDA_FUNCTION_NAME: 'auth' });
  await ask(() => {});
  expect([...err, ...out]).toEqual([]);
  await ask(() => {
    count('LoginRefused');
    count('LoginRefused');
  });
  expect(out).toHaveLength(1);
  expect(fields(out[0])).toMatchObject({
    _aws: {
      CloudWatchMetrics: [{ Namespace: 'Boursomatic', Metrics: [{ Name: 'LoginRefused', Unit: 'Count' }] }],
    },
    service: 'api',
    LoginRefused: [1, 1],
  });
});

test('never logs an event, even if the environment enables it', async () => {
  const { ask } = await start({ LOG_LEVEL: 'debug', POWERTOOLS_LOGGER_LOG_EVENT: 'true' });
  await ask(() => {});
  expect([...err, ...out]).toEqual([]);
});
