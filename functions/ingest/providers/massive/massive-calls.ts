import * as z from 'zod';
import { now } from '../../../shared/clock.ts';
import { answeredAt } from '../../../shared/http-headers.ts';
import { SchemaDriftError } from '../errors.ts';
import { send } from '../http.ts';
import { readJson } from '../json-answer.ts';
import { VendorKey } from '../vendor-key.ts';
import { isRefused, massiveRefusal } from './massive-refusal.ts';

const ORIGIN = 'https://api.massive.com';

/** More pages than the longest request has: the dividends of all shares in a month are about 4,000 rows. */
const MOST_PAGES = 20;

/** How to reach Massive. */
export interface MassiveOptions {
  /** The secret that holds the key: a Secrets Manager id or ARN, or a `file:` URL. */
  keySecret: string;
  /** Another origin, such as a test server's. */
  origin?: string | undefined;
  /** How long a whole answer may take. */
  timeoutMs: number;
  /** Sends a request when its turn comes, with retries: see `guardRequests`. */
  guard: <T>(subject: string, request: () => Promise<T>) => Promise<T>;
}

interface Answered {
  /** When Massive answered, by its clock. */
  answeredAt: number;
}

/** The rows of a request from all of its pages; `answeredAt` is the earliest one's, or this clock's if that is earlier. */
interface MassiveRows<T> extends Answered {
  rows: T[];
}

/** Sends requests to Massive, each page in its turn. */
export class MassiveCalls {
  readonly #key: VendorKey<'apikey'>;
  readonly #options: MassiveOptions;

  private constructor(key: VendorKey<'apikey'>, options: MassiveOptions) {
    this.#key = key;
    this.#options = options;
  }

  /**
   * Reads the key.
   *
   * @throws ConfigurationError if the key cannot be read
   */
  static async open(options: MassiveOptions): Promise<MassiveCalls> {
    const form = { secretId: options.keySecret, vendor: 'Massive', parts: ['apikey'] } as const;
    return new MassiveCalls(await VendorKey.open(form), options);
  }

  /**
   * Requests all pages of some rows.
   *
   * @param subject - the subject of messages: a symbol, or a day
   * @throws ProviderError with the reason of the refusal
   */
  async rows<R extends z.ZodType>(
    subject: string,
    { path, query, row }: { path: string; query: Readonly<Record<string, string>>; row: R },
  ): Promise<MassiveRows<z.output<R>>> {
    const form = z.object({
      status: z.string().nullish(),
      results: z.array(row).nullish(),
      next_url: z.url().nullish(),
    });
    const { origin = ORIGIN } = this.#options;
    let url: URL | undefined = new URL(path, origin);
    url.search = new URLSearchParams(query).toString();
    const all: MassiveRows<z.output<R>> = { rows: [], answeredAt: now().getTime() };
    const seen = new Set<string>();
    while (url) {
      const page: z.output<typeof form> & Answered = await this.#page(subject, url, form);
      all.rows.push(...(page.results ?? []));
      all.answeredAt = Math.min(all.answeredAt, page.answeredAt);
      url = page.next_url ? onOrigin(page.next_url, origin) : undefined;
      if (url && (seen.has(url.href) || seen.size >= MOST_PAGES))
        throw new SchemaDriftError(`${subject}: unexpected answer: its pages do not end`);
      if (url) seen.add(url.href);
    }
    return all;
  }

  #page<F extends z.ZodObject<{ status: z.ZodType<string | null | undefined> }>>(
    subject: string,
    url: URL,
    form: F,
  ): Promise<z.output<F> & Answered> {
    const { guard, timeoutMs } = this.#options;
    return guard(subject, () =>
      this.#key.run(subject, async ({ apikey }) => {
        const headers = { authorization: `Bearer ${apikey}` };
        const answer = await send(url, { subject, vendor: 'Massive', timeoutMs, headers });
        if (answer.status !== 200 || !answer.body.trimStart().startsWith('{'))
          throw massiveRefusal(subject, answer);
        const page = readJson(subject, answer.body, form);
        if (isRefused(page.status)) throw massiveRefusal(subject, answer);
        return { ...page, answeredAt: answeredAt(answer.headers) ?? now().getTime() };
      }),
    );
  }
}

/** The next page on this client's origin: an answer must not choose which server gets the key. */
function onOrigin(next: string, origin: string): URL {
  const { pathname, search } = new URL(next);
  return new URL(`${pathname}${search}`, origin);
}
