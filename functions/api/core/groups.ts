/** Groups of endpoints: each is a Lambda of its own. */
export const GROUPS = ['auth', 'account', 'recommendations', 'market', 'admin'] as const;
export type Group = (typeof GROUPS)[number];
