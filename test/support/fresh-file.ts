import { vi } from 'vitest';

declare global {
  /** The environment of this process before its first test file. */
  var firstEnvironment: NodeJS.ProcessEnv | undefined;
}

// One process runs many test files, because libraries take longer to load than most files take to run. Each file begins
// with the first environment, and evaluates the project's modules anew, so that it sees no other file's state.
vi.useRealTimers();
vi.unstubAllGlobals();
vi.unstubAllEnvs();
globalThis.firstEnvironment ??= { ...process.env };
for (const name of Object.keys(process.env)) {
  if (!(name in globalThis.firstEnvironment)) delete process.env[name];
}
Object.assign(process.env, globalThis.firstEnvironment);
vi.resetModules();
