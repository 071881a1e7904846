import { z } from 'zod';
import {
  KeyRefusedError,
  NotFoundError,
  type ProviderError,
  SchemaDriftError,
  UnavailableError,
} from '../../../../../functions/ingest/providers/errors.ts';
import { send } from '../../../../../functions/ingest/providers/http.ts';
import type {
  FetchedBars,
  ManyBarsRequest,
  Provider,
} from '../../../../../functions/ingest/providers/provider.ts';
import { defined } from '../../../../../functions/shared/invariant.ts';
import { readSecret } from '../../../../../functions/shared/secrets.ts';
import { fromAcme, toAcme } from './acme-symbols.ts';

const Row = z.tuple([z.iso.date(), z.number(), z.number(), z.number(), z.number(), z.number()]);
const Rows = z.record(z.string(), z.array(Row).nullable());

/** Opens Acme's daily bars. Null in place of a symbol's rows says that Acme does not have it. */
export async function openAcmeProvider(options: {
  keySecret: string;
  origin: string | undefined;
  timeoutMs: number;
}): Promise<Provider> {
  const key = (await readSecret(options.keySecret)).trim();
  const fetchMany = async ({ symbols, from, to }: ManyBarsRequest) => {
    const codes = symbols.map((symbol) => defined(toAcme(symbol), `Acme's form of ${symbol}`));
    const url = new URL('/bars', options.origin ?? 'https://acme.example');
    url.search = new URLSearchParams({ codes: codes.join(), from, to }).toString();
    const headers = { authorization: `Bearer ${key}` };
    const request = { subject: symbols.join(), vendor: 'Acme', timeoutMs: options.timeoutMs, headers };
    const { status, body } = await send(url, request);
    if (status === 401) throw new KeyRefusedError(`${symbols}: Acme refuses the key (HTTP 401)`);
    if (status !== 200) throw new UnavailableError(`${symbols}: Acme failed (HTTP ${status})`);
    const rows = Rows.safeParse(JSON.parse(body));
    if (!rows.success) throw new SchemaDriftError(`${symbols}: unexpected answer`);
    return new Map(Object.entries(rows.data).map(([code, found]) => [fromAcme(code), readRows(code, found)]));
  };
  return {
    name: 'acme',
    fetchMany,
    fetchBars: async ({ symbol, ...days }) => {
      const answer = (await fetchMany({ symbols: [symbol], ...days })).get(symbol);
      if (!answer || answer instanceof Error)
        throw answer ?? new NotFoundError(`${symbol}: Acme does not have it`);
      return answer;
    },
  };
}

function readRows(code: string, rows: z.output<typeof Row>[] | null): FetchedBars | ProviderError {
  if (!rows) return new NotFoundError(`${fromAcme(code)}: Acme does not have it`);
  return {
    bars: rows.map(([day, o, h, l, c, v]) => ({ ts: Date.parse(day), o, h, l, c, v })),
    actions: [],
  };
}
