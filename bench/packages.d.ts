/** The used parts of packages without types. */

declare module 'autocannon' {
  interface Options {
    url: string;
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    connections: number;
    duration: number;
    overallRate?: number;
    requests?: { path: string }[];
  }
  interface Result {
    non2xx: number;
    errors: number;
  }
  interface Instance {
    on(
      event: 'response',
      listener: (client: unknown, status: number, bytes: number, milliseconds: number) => void,
    ): void;
  }

  export type { Options, Result };
  export default function autocannon(
    options: Options,
    done: (error: Error | null, result: Result) => void,
  ): Instance;
}

declare module 'pg' {
  interface Query {
    text: string;
    values: unknown[];
    name?: string;
  }
  class Pool {
    constructor(options: Record<string, unknown>);
    query<Row>(query: Query): Promise<{ rows: Row[] }>;
  }
  const pg: { Pool: typeof Pool };
  export default pg;
}
