/** The groups of endpoints. Each has its own Lambda function. */
export const GROUPS = ['auth', 'account', 'recommendations', 'replay', 'market', 'admin'] as const;
export type Group = (typeof GROUPS)[number];
