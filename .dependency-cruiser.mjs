// The import rules of docs/architecture.md, "Where things are". `npm run check` enforces them.

/** Constants, payload types and the list of vendors, which the stacks share with the functions. */
const CONSTANTS = [
  'functions/shared/(constants|contracts|fields|invariant|metrics)[.]ts',
  'functions/api/(core/groups|routes)[.]ts',
  'functions/ingest/providers/(choice|descriptor|registry|variables)[.]ts',
];

/** What the page shares with the programs that serve it. */
const PAGE = 'web/(files|headers)[.]ts';

/** What features are and mean, without their computation. */
const FEATURES = 'functions/features/(definitions|model-inputs|sentences|universe-values)[.]ts';

/** What every group of endpoints builds on. */
const API = ['functions/api/(core|lists|resources)/', 'functions/shared/'];

/**
 * For each folder, the first-party paths (regular expressions) that its files may import besides their own folder.
 * A name that ends in `*` stands for the files directly in the folder. Packages are not restricted.
 */
const MAY_IMPORT = {
  bench: ['.'],
  bin: ['lib/'],
  'clients/typescript/*': [],
  'clients/typescript/src': ['clients/typescript/api-types[.]d[.]ts'],
  'functions/alerts': ['functions/(api/core|changes|shared)/', 'functions/api/auth/keyring(-cipher)?[.]ts'],
  'functions/api/*': ['functions/(api|mcp|shared)/'],
  'functions/api/account': [...API, 'functions/alerts/', 'functions/api/auth/'],
  'functions/api/admin': [...API, 'functions/alerts/', 'functions/infer/'],
  'functions/api/auth': API,
  // Dispatch checks the caller's consent before it calls an endpoint.
  'functions/api/core': [
    'functions/api/middleware/',
    'functions/api/account/consent-version[.]ts',
    'functions/shared/',
  ],
  'functions/api/lists': ['functions/(api/core|shared)/'],
  'functions/api/market': [...API, FEATURES, 'functions/infer/'],
  'functions/api/middleware': ['functions/(api/core|shared)/'],
  'functions/api/openapi': [...API, 'functions/api/[^/]+/endpoints[.]ts'],
  'functions/api/recommendations': [
    ...API,
    FEATURES,
    'functions/evaluate/(interval|resamples|running-ratio)[.]ts',
    'functions/(changes|infer|publications)/',
  ],
  'functions/api/replay': [...API, 'functions/infer/'],
  'functions/api/resources': ['functions/(api/core|api/lists|shared)/'],
  'functions/changes': [FEATURES, 'functions/shared/'],
  'functions/evaluate': [FEATURES, 'functions/(infer|shared)/'],
  'functions/features': ['functions/shared/'],
  'functions/infer': [FEATURES, 'functions/(evaluate|publications|shared)/'],
  'functions/ingest': ['functions/shared/'],
  // Tools call endpoints of several groups.
  'functions/mcp': ['functions/(api|shared)/'],
  'functions/migration': ['functions/shared/'],
  'functions/operate': [
    'functions/(infer|ingest|shared)/',
    'functions/api/(auth/(fields|one-time-password|passwords|second-factor-store|session-store)|core/security-events|resources/api-keys)[.]ts',
  ],
  'functions/publications': ['functions/shared/'],
  'functions/shared': [],
  'functions/watch': ['functions/shared/'],
  'functions/web': ['functions/shared/', PAGE],
  hosting: [],
  'lib/*': ['lib/', ...CONSTANTS],
  'lib/constructs': ['lib/settings(-context)?[.]ts', ...CONSTANTS, PAGE],
  'lib/stacks': ['lib/(constructs|state-machines)/', 'lib/settings(-context)?[.]ts', ...CONSTANTS, PAGE],
  'lib/state-machines': ['lib/constructs/', 'lib/settings(-context)?[.]ts', ...CONSTANTS],
  'local/*': [],
  'local/commands': ['functions/', 'lib/', 'local/'],
  'local/backup': ['functions/', 'local/(installation|terminal)/'],
  'local/cost': ['functions/', 'lib/'],
  'local/fuzz': ['functions/', 'local/'],
  'local/installation': ['functions/', 'local/(backup|terminal)/'],
  'local/openapi-types': ['functions/'],
  'local/pipeline': ['functions/', 'local/terminal/'],
  'local/preflight': ['functions/', 'lib/', 'local/terminal/'],
  'local/reports': ['functions/', 'local/terminal/'],
  'local/schedule': ['functions/'],
  'local/service': [
    'functions/',
    'local/(backup|installation|pipeline|reports|schedule|serving|terminal|training)/',
  ],
  'local/serving': ['functions/', 'local/terminal/', PAGE],
  'local/terminal': ['functions/shared/'],
  'local/training': ['functions/', 'local/(installation|pipeline|terminal)/'],
  test: ['.'],
  'web/*': ['clients/typescript/api-types[.]d[.]ts'],
  'web/public': [],
  'web/src': ['clients/typescript/src/pages[.]ts', 'web/api-types[.]d[.]ts'],
};

const FIRST_PARTY = '^(bench|bin|clients|functions|hosting|lib|local|test|web)/';

const pathsOf = (folder) => (folder.endsWith('*') ? `^${folder.slice(0, -1)}[^/]+$` : `^${folder}/`);

const folderRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `imports-of-${folder}`,
  comment: `The files of ${folder} import only what MAY_IMPORT in .dependency-cruiser.mjs lists for them.`,
  severity: 'error',
  from: { path: pathsOf(folder) },
  to: { path: FIRST_PARTY, pathNot: [pathsOf(folder), ...allowed.map((path) => `^${path}`)] },
}));

const otherRules = [
  {
    name: 'no-circle',
    comment: 'Move what both files need into a third one.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unlisted-folder',
    comment: 'Add the folder to MAY_IMPORT in .dependency-cruiser.mjs.',
    from: { path: FIRST_PARTY, pathNot: Object.keys(MAY_IMPORT).map(pathsOf) },
    to: { path: '.' },
  },
  {
    name: 'no-unresolved-import',
    comment: 'The imported file or package does not exist.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-entry-point-import',
    comment: 'Functions share plain modules. Only the programs that stand in for AWS call an entry point.',
    from: { path: '^functions/' },
    to: { path: '[.]lambda[.]ts$' },
  },
  {
    name: 'no-other-vendor',
    comment: 'A vendor is one folder. Move what two vendors share to functions/ingest/providers.',
    from: { path: '^functions/ingest/providers/([^/]+)/' },
    to: { path: '^functions/ingest/providers/[^/]+/', pathNot: '^functions/ingest/providers/$1/' },
  },
  {
    name: 'no-stack-at-run-time',
    comment:
      'The service runs without the CDK: only the cost model, the preflight and the export of the definition read lib.',
    from: {
      path: '^local/',
      pathNot: '^local/((cost|preflight)/|commands/(cost|preflight|synth-definition)[.]ts$)',
    },
    to: { path: '^lib/' },
  },
  {
    name: 'no-unused-module',
    comment: 'Nothing imports this file, and it is no entry point: delete it.',
    module: {
      path: '^(clients|functions|lib|local|web/src)/',
      pathNot: [
        '[.]lambda[.]ts$',
        '^lib/constructs/(api-sdk|api-start|write-code-cache)[.]ts$',
        '^local/(commands/|ensure-installed[.]mjs$)',
        '^clients/typescript/src/client[.]ts$',
        '^web/src/main[.]tsx$',
      ],
      numberOfDependentsLessThan: 1,
    },
    from: {},
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [...folderRules, ...otherRules.map((rule) => ({ severity: 'error', ...rule }))],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The built page and client are not source code.
    exclude: { path: '^(web|clients/typescript)/dist/' },
    // Type imports are dependencies too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types', 'default'],
    },
  },
};
