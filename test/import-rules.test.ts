import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PROJECT_ROOT = resolve(import.meta.dirname, '..');

/** An importing file, the file that it imports, and the rule that forbids this. */
const FORBIDDEN = [
  ['bin/a.ts', 'functions/shared/constants.ts', 'imports-of-bin'],
  ['functions/alerts/a.ts', 'functions/infer/b.ts', 'imports-of-functions/alerts'],
  ['clients/typescript/a.ts', 'functions/shared/b.ts', 'imports-of-clients/typescript/*'],
  ['clients/typescript/src/a.ts', 'functions/shared/b.ts', 'imports-of-clients/typescript/src'],
  ['functions/api/account/a.ts', 'functions/api/market/b.ts', 'imports-of-functions/api/account'],
  ['functions/api/admin/a.ts', 'functions/api/auth/b.ts', 'imports-of-functions/api/admin'],
  ['functions/api/auth/a.ts', 'functions/api/recommendations/b.ts', 'imports-of-functions/api/auth'],
  ['functions/api/core/a.ts', 'functions/api/market/b.ts', 'imports-of-functions/api/core'],
  ['functions/api/lists/a.ts', 'functions/api/market/b.ts', 'imports-of-functions/api/lists'],
  ['functions/api/market/a.ts', 'functions/api/admin/b.ts', 'imports-of-functions/api/market'],
  ['functions/api/middleware/a.ts', 'functions/api/auth/b.ts', 'imports-of-functions/api/middleware'],
  ['functions/api/openapi/a.ts', 'functions/api/market/b.ts', 'imports-of-functions/api/openapi'],
  ['functions/api/recommendations/a.ts', 'functions/ingest/b.ts', 'imports-of-functions/api/recommendations'],
  ['functions/api/replay/a.ts', 'functions/api/recommendations/b.ts', 'imports-of-functions/api/replay'],
  ['functions/api/resources/a.ts', 'functions/api/market/b.ts', 'imports-of-functions/api/resources'],
  ['functions/api/a.ts', 'functions/infer/b.ts', 'imports-of-functions/api/*'],
  ['functions/evaluate/a.ts', 'functions/features/b.ts', 'imports-of-functions/evaluate'],
  ['functions/features/a.ts', 'functions/infer/b.ts', 'imports-of-functions/features'],
  ['functions/infer/a.ts', 'functions/features/b.ts', 'imports-of-functions/infer'],
  ['functions/ingest/a.ts', 'functions/features/b.ts', 'imports-of-functions/ingest'],
  ['functions/ingest/c.ts', 'lib/settings.ts', 'imports-of-functions/ingest'],
  ['functions/mcp/a.ts', 'functions/infer/b.ts', 'imports-of-functions/mcp'],
  ['functions/migration/a.ts', 'functions/infer/b.ts', 'imports-of-functions/migration'],
  ['functions/operate/a.ts', 'functions/api/auth/b.ts', 'imports-of-functions/operate'],
  ['functions/publications/a.ts', 'functions/infer/b.ts', 'imports-of-functions/publications'],
  ['functions/shared/a.ts', 'functions/ingest/b.ts', 'imports-of-functions/shared'],
  ['functions/watch/a.ts', 'functions/infer/b.ts', 'imports-of-functions/watch'],
  ['functions/web/a.ts', 'web/src/b.ts', 'imports-of-functions/web'],
  ['hosting/a.ts', 'functions/shared/b.ts', 'imports-of-hosting'],
  ['lib/a.ts', 'functions/shared/b.ts', 'imports-of-lib/*'],
  ['lib/constructs/a.ts', 'lib/stacks/b.ts', 'imports-of-lib/constructs'],
  ['lib/constructs/c.ts', 'functions/shared/b.ts', 'imports-of-lib/constructs'],
  ['lib/stacks/a.ts', 'functions/ingest/b.ts', 'imports-of-lib/stacks'],
  ['lib/state-machines/a.ts', 'lib/stacks/b.ts', 'imports-of-lib/state-machines'],
  ['local/commands/a.ts', 'test/b.ts', 'imports-of-local/commands'],
  ['local/commands/c.ts', 'lib/settings.ts', 'no-stack-at-run-time'],
  ['local/cost/a.ts', 'local/commands/b.ts', 'imports-of-local/cost'],
  ['local/fuzz/a.ts', 'test/b.ts', 'imports-of-local/fuzz'],
  ['local/backup/a.ts', 'local/serving/b.ts', 'imports-of-local/backup'],
  ['local/installation/a.ts', 'local/serving/b.ts', 'imports-of-local/installation'],
  ['local/openapi-types/a.ts', 'local/serving/b.ts', 'imports-of-local/openapi-types'],
  ['local/pipeline/a.ts', 'local/serving/b.ts', 'imports-of-local/pipeline'],
  ['local/preflight/a.ts', 'local/commands/b.ts', 'imports-of-local/preflight'],
  ['local/reports/a.ts', 'local/serving/b.ts', 'imports-of-local/reports'],
  ['local/schedule/a.ts', 'local/serving/b.ts', 'imports-of-local/schedule'],
  ['local/service/a.ts', 'local/commands/b.ts', 'imports-of-local/service'],
  ['local/serving/a.ts', 'local/pipeline/b.ts', 'imports-of-local/serving'],
  ['local/terminal/a.ts', 'functions/ingest/b.ts', 'imports-of-local/terminal'],
  ['local/training/a.ts', 'local/commands/b.ts', 'imports-of-local/training'],
  ['local/a.ts', 'functions/shared/b.ts', 'imports-of-local/*'],
  ['web/a.ts', 'functions/shared/constants.ts', 'imports-of-web/*'],
  ['web/public/a.ts', 'web/src/b.ts', 'imports-of-web/public'],
  ['web/src/a.ts', 'functions/shared/constants.ts', 'imports-of-web/src'],
  ['functions/infer/c.ts', 'functions/infer/infer.lambda.ts', 'no-entry-point-import'],
  ['functions/ingest/providers/stooq/a.ts', 'functions/ingest/providers/yahoo/b.ts', 'no-other-vendor'],
  ['functions/new/a.ts', 'functions/shared/b.ts', 'no-unlisted-folder'],
  ['functions/watch/c.ts', 'functions/watch/absent.ts', 'no-unresolved-import'],
  ['functions/watch/d.ts', 'functions/watch/e.ts', 'no-circle'],
] as const;

const ALLOWED = [
  ['bin/b.ts', 'lib/application.ts'],
  ['functions/api/core/c.ts', 'functions/api/account/consent-version.ts'],
  ['functions/api/openapi/c.ts', 'functions/api/market/endpoints.ts'],
  ['functions/ingest/providers/stooq/c.ts', 'functions/ingest/providers/errors.ts'],
  ['functions/operate/c.ts', 'functions/infer/b.ts'],
  ['lib/constructs/d.ts', 'functions/shared/constants.ts'],
  ['local/commands/cost.ts', 'lib/application.ts'],
  ['local/commands/preflight.ts', 'lib/stage-file.ts'],
  ['local/preflight/b.ts', 'lib/application.ts'],
  ['web/src/c.ts', 'web/api-types.d.ts'],
  ['test/c.ts', 'lib/stacks/b.ts'],
] as const;

/** Closes the circle that {@link FORBIDDEN} opens; the tool reports a circle once. */
const WAY_BACK = ['functions/watch/e.ts', 'functions/watch/d.ts'] as const;

const UNUSED = 'functions/watch/unused.ts';

let folder: string;
let violations: string[];
let rules: string[];

const write = async (file: string, text: string) => {
  await mkdir(join(folder, dirname(file)), { recursive: true });
  await writeFile(join(folder, file), text);
};

/** Runs the rules as `npm run check` does, on a tree with one file for each import above. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-rules-'));
  const edges = [...FORBIDDEN, ...ALLOWED, WAY_BACK];
  for (const [, to, rule] of FORBIDDEN) if (rule !== 'no-unresolved-import') await write(to, 'export {};\n');
  for (const [, to] of ALLOWED) await write(to, 'export {};\n');
  for (const [from, to] of edges) {
    const path = relative(dirname(from), to);
    // Type imports count, so these are the harder case.
    await write(from, `import type { Any } from '${path.startsWith('.') ? path : `./${path}`}';\n`);
  }
  await write(UNUSED, 'export {};\n');
  const { stdout } = await promisify(execFile)(
    resolve(PROJECT_ROOT, 'node_modules/.bin/depcruise'),
    ['--config', resolve(PROJECT_ROOT, '.dependency-cruiser.mjs'), '--output-type', 'json', '.'],
    { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
  );
  const result: ICruiseResult = JSON.parse(stdout);
  rules = result.summary.ruleSetUsed?.forbidden?.map(({ name }) => name ?? 'unnamed') ?? [];
  violations = result.summary.violations.map(({ from, to, rule }) => `${from} > ${to}: ${rule.name}`);
});

afterAll(() => rm(folder, { recursive: true }));

describe('the import rules', () => {
  test.each(FORBIDDEN)('refuse that %s imports %s (%s)', (from, to, rule) => {
    const target = rule === 'no-unresolved-import' ? './absent.ts' : to;
    expect(violations).toContain(`${from} > ${target}: ${rule}`);
  });

  test.each(ALLOWED)('accept that %s imports %s', (from, to) => {
    expect(violations.filter((violation) => violation.startsWith(`${from} > ${to}`))).toEqual([]);
  });

  test('refuse a module that nothing imports', () => {
    expect(violations).toContain(`${UNUSED} > ${UNUSED}: no-unused-module`);
  });

  test('have an example above for every rule that restricts something', () => {
    const shown: string[] = FORBIDDEN.map(([, , rule]) => rule);
    const unrestricted = ['imports-of-bench', 'imports-of-test'];
    expect(rules.toSorted()).toEqual([...new Set([...shown, ...unrestricted, 'no-unused-module'])].sort());
  });
});
