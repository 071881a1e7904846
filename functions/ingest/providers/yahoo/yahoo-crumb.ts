import YahooFinance from 'yahoo-finance2';
import { ExtendedCookieJar } from 'yahoo-finance2/lib/cookieJar';
import { SessionRefusedError } from './yahoo-refusal.ts';

const SILENT = { info() {}, warn() {}, error() {}, debug() {}, dir() {} };

export type YahooClient = InstanceType<typeof YahooFinance>;

/** A client with a cookie and a crumb of its own, which it gets when it first needs them. */
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

/** The session that requests share. Where Yahoo does not accept it any more, it is renewed once a request. */
export class YahooSession {
  #client = openClient();

  /**
   * Does some work in the session, and again in a new one if Yahoo refuses the session.
   *
   * @throws SessionRefusedError if Yahoo refuses the new one, too
   */
  async run<T>(work: (client: YahooClient) => Promise<T>): Promise<T> {
    const client = this.#client;
    try {
      return await work(client);
    } catch (error) {
      if (!(error instanceof SessionRefusedError)) throw error;
    }
    // Another request may have renewed it in the meantime.
    if (client === this.#client) this.#client = openClient();
    return work(this.#client);
  }
}
