/** The groups of endpoints. Each has its own Lambda function. */
export const GROUPS = ['auth', 'account', 'recommendations', 'market', 'admin'] as const;
export type Group = (typeof GROUPS)[number];
