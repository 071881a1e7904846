/** The groups of endpoints. */
export const GROUPS = ['auth', 'account', 'recommendations', 'replay', 'market', 'admin'] as const;
export type Group = (typeof GROUPS)[number];

/** The Lambda functions that handle requests: one per group, and the server for assistants, which calls several groups. */
export const API_FUNCTIONS = [...GROUPS, 'mcp'] as const;
export type ApiFunctionName = (typeof API_FUNCTIONS)[number];
