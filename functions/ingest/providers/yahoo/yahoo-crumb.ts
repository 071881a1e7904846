import YahooFinance from 'yahoo-finance2';
import { ExtendedCookieJar } from 'yahoo-finance2/lib/cookieJar';
import { CrumbRefusedError } from './yahoo-refusal.ts';

const SILENT = { info() {}, warn() {}, error() {}, debug() {}, dir() {} };

export type YahooClient = InstanceType<typeof YahooFinance>;

/** Opens a client with its own cookie and crumb, which it fetches when it first needs them. */
function openClient(): YahooClient {
  return new YahooFinance({
    cookieJar: new ExtendedCookieJar(),
    versionCheck: false,
    // Pacing is this project's own, and a second queue would only hide it.
    queue: { concurrency: Number.MAX_SAFE_INTEGER },
    logger: SILENT,
    validation: { logErrors: false, logOptionsErrors: false },
  });
}

/** The cookie and the crumb that all requests share. */
export class YahooLogin {
  #client = openClient();

  /**
   * Runs a request with the current cookie and crumb. Where Yahoo refuses them, fetches new ones and retries once.
   *
   * @throws CrumbRefusedError if Yahoo refuses the new ones, too
   */
  async run<T>(request: (client: YahooClient) => Promise<T>): Promise<T> {
    const client = this.#client;
    try {
      return await request(client);
    } catch (error) {
      if (!(error instanceof CrumbRefusedError)) throw error;
    }
    // Another request may have renewed them in the meantime.
    if (client === this.#client) this.#client = openClient();
    return request(this.#client);
  }
}
