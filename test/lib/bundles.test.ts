import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { expect, test } from 'vitest';
import { externalsOf } from '../../lib/constructs/bundling.ts';
import { ONNXRUNTIME } from '../../lib/constructs/onnxruntime.ts';
import { PIPELINE_STEPS, type PipelineStep } from '../../lib/state-machines/pipeline-steps.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Every entry point below functions/, as the stacks name them. */
const ENTRIES = globSync('functions/**/*.lambda.ts', { cwd: ROOT }).map((file) =>
  file.replace('functions/', ''),
);

/** Libraries that every bundle may contain: the schemas, the database driver, and the SDK with its parts. */
const COMMON = [
  'zod',
  'postgres',
  '@aws',
  '@aws-sdk',
  '@aws-lambda-powertools',
  '@smithy',
  'tslib',
  'bowser',
];

const API = ['@middy', '@humanwhocodes', 'jose'];

/** The gate reads who was a member when, and computes factors of returns. */
const GATE = ['csv-parse', 'ml-matrix', 'ml-array-rescale', 'is-any-array'];

/** The clients of vendors, and the readers of bars files. */
const VENDOR_CLIENTS = [
  ...['cockatiel', 'dataloader', 'yahoo-finance2', 'tough-cookie', 'tldts', 'tldts-core'],
  ...['csv-parse', 'hyparquet', 'hyparquet-compressors', 'fzstd', 'hysnappy', 'yauzl', 'pend'],
];

/** Further libraries that an entry point needs. A line here makes a function larger: it needs a reason. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  // A pasted list may be a CSV.
  'api/account.lambda.ts': [...API, 'otpauth', 'csv-parse'],
  'api/admin.lambda.ts': API,
  'api/market.lambda.ts': API,
  // Tools call endpoints of the account and of recommendations.
  'api/mcp.lambda.ts': [...API, '@modelcontextprotocol', 'croner', 'csv-parse'],
  'api/recommendations.lambda.ts': [...API, 'canonicalize'],
  'api/replay.lambda.ts': [...API, 'canonicalize', 'cockatiel'],
  'api/auth.lambda.ts': [...API, 'otpauth', '@zxcvbn-ts', 'fastest-levenshtein', 'cockatiel'],
  'api/auth/renew-keys.lambda.ts': ['jose'],
  'alerts/deliver.lambda.ts': ['jose', 'temporal-polyfill', 'temporal-utils'],
  'alerts/send.lambda.ts': ['nodemailer', 'ipaddr.js', 'standardwebhooks', '@stablelib', 'fast-sha256'],
  'ingest/fetch.lambda.ts': VENDOR_CLIENTS,
  'ingest/look-up-symbols.lambda.ts': VENDOR_CLIENTS,
  'ingest/load.lambda.ts': ['cockatiel'],
  'migration/migrate.lambda.ts': [
    ...['postgrator', 'glob', 'minimatch', 'brace-expansion', 'balanced-match'],
    ...['path-scurry', 'minipass', 'lru-cache'],
  ],
  'infer/install.lambda.ts': GATE,
  'infer/publish.lambda.ts': ['canonicalize'],
  'infer/promote.lambda.ts': GATE,
  'operate/operate.lambda.ts': ['otpauth', ...GATE],
};

const metafiles = new Map<string, Promise<Metafile>>();

/** What the bundle of an entry point is made of, with the stack's options. */
function metafileOf(entry: string): Promise<Metafile> {
  const known = metafiles.get(entry) ?? bundle(entry);
  metafiles.set(entry, known);
  return known;
}

async function bundle(entry: string): Promise<Metafile> {
  const step: PipelineStep | undefined = Object.values(PIPELINE_STEPS).find((one) => one.entry === entry);
  const contents = { onnxruntime: true, providerClients: !step?.withoutProviderClients };
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'functions', entry)],
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    external: externalsOf(contents),
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  return metafile;
}

/** The files of which some code is in the bundle. */
function filesOf({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
}

/** The scope or name of a file's package. */
const packageOf = (file: string) => /.*node_modules\/([^/]+)/.exec(file)?.[1];

test.each(ENTRIES)('%s contains only the libraries that it needs', async (entry) => {
  const files = filesOf(await metafileOf(entry));
  const allowed = new Set([...COMMON, ...(OWN[entry] ?? [])]);
  const packages = new Set(files.flatMap((file) => packageOf(file) ?? []));
  expect([...packages].filter((name) => !allowed.has(name) && name !== ONNXRUNTIME)).toEqual([]);
  // The messages of all languages come with `import { z }`; `import * as z` leaves them out.
  const languages = files.filter((file) => /zod\/v4\/locales\/(?!index|en\.)/.test(file));
  expect(languages).toEqual([]);
});

test('Plan contains descriptors of providers and no client', async () => {
  const files = filesOf(await metafileOf(PIPELINE_STEPS.plan.entry));
  expect(files).toContain('functions/ingest/providers/yahoo/descriptor.ts');
  expect(files.filter((file) => /-provider\.ts$|resilience\.ts$|bars-file\/(?!days)/.test(file))).toEqual([]);
});

test('only Fetch, Plan and the lookup of symbols contain descriptors of providers', async () => {
  const readers: string[] = [];
  for (const entry of ENTRIES) {
    if (filesOf(await metafileOf(entry)).some((file) => file.includes('/descriptor.ts'))) readers.push(entry);
  }
  expect(readers.sort()).toEqual([
    PIPELINE_STEPS.fetch.entry,
    'ingest/look-up-symbols.lambda.ts',
    PIPELINE_STEPS.plan.entry,
  ]);
});
