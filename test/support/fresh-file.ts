import { vi } from 'vitest';

declare global {
  /** The environment of this process before its first test file. */
  var firstEnvironment: { object: NodeJS.ProcessEnv; values: NodeJS.ProcessEnv } | undefined;
}

// One process runs many test files, because libraries take longer to load than most files take to run. Each file begins
// with the first environment, and evaluates the project's modules anew, so that it sees no other file's state.
vi.useRealTimers();
vi.unstubAllGlobals();
vi.unstubAllEnvs();
globalThis.firstEnvironment ??= { object: process.env, values: { ...process.env } };
const { object, values } = globalThis.firstEnvironment;
if (process.env !== object) {
  // vi.stubEnv deletes from the first object only.
  process.env = object;
  throw new Error('the test file before this one replaced process.env; set its entries instead');
}
for (const name of Object.keys(process.env)) {
  if (!(name in values)) delete process.env[name];
}
Object.assign(process.env, values);
vi.resetModules();
