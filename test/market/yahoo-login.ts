import { type Answer, jsonAnswer, pageAnswer, textAnswer } from './answer.ts';
import { hash } from './random.ts';

/**
 * Yahoo's cookies and crumb. A page sets cookies, a request with them gets a crumb, and some APIs require both. With
 * `consent`, visitors first pass through the questions that Yahoo asks visitors from the European Union.
 *
 * Like the real ones, the cookies are marked secure and belong to yahoo.com. A client that stores them by the original
 * URL sends them back.
 */
export class YahooLogin {
  /** Whether visitors must consent before they get cookies. */
  consent = false;
  readonly #seed: number;
  #generation = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The current crumb: eleven letters, like Yahoo's. */
  get crumb(): string {
    return [0, 1]
      .map((part) => this.#token(`crumb ${part}`))
      .join('')
      .slice(0, 11);
  }

  /** Invalidates the current crumb; the next request for one gets another. */
  expire(): void {
    this.#generation++;
  }

  /** Answers the paths of cookies, crumb and consent; undefined for any other path. */
  answer(method: string, { pathname, search }: URL, cookies: string): Answer | undefined {
    // fc.yahoo.com answers its root with an error and the cookies.
    if (pathname === '/')
      return withCookies(pageAnswer('<html><body>Not found</body></html>', 404), this.#cookies());
    if (pathname.startsWith('/quote/')) return this.#quotePage(pathname, search, cookies);
    if (pathname === '/v1/test/getcrumb') return this.#crumb(cookies);
    if (pathname === '/consent')
      return redirect(302, `https://consent.yahoo.com/v2/collectConsent?${this.#sid()}`);
    if (pathname === '/v2/collectConsent') return this.#collectConsent(method);
    if (pathname !== '/copyConsent') return undefined;
    const back = redirect(302, 'https://finance.yahoo.com/quote/AAPL?guccounter=1');
    return withCookies(back, [...this.#cookies(), cookie('GUC', this.#token('consent'))]);
  }

  /** Yahoo's refusal of a bad cookie or crumb; undefined if both are good. */
  refusal(cookies: string, crumb: string | null): Answer | undefined {
    if (!this.#isKnown(cookies)) return unauthorized('Invalid Cookie');
    return crumb === this.crumb ? undefined : unauthorized('Invalid Crumb');
  }

  #quotePage(pathname: string, search: string, cookies: string): Answer {
    if (this.consent && !/\bGUC=/.test(cookies)) {
      const done = encodeURIComponent(`https://finance.yahoo.com${pathname}${search}`);
      const to = `https://guce.yahoo.com/consent?brandType=nonEu&gcrumb=${this.#token('g')}&done=${done}`;
      return withCookies(redirect(307, to), [cookie('GUCS', this.#token('gucs'), 1800)]);
    }
    return withCookies(
      pageAnswer('<!doctype html><html lang="en-US"><title>Quote</title></html>'),
      this.#cookies(),
    );
  }

  #crumb(cookies: string): Answer {
    return this.#isKnown(cookies) ? textAnswer(this.crumb) : unauthorized('Invalid Cookie');
  }

  #collectConsent(method: string): Answer {
    if (method === 'POST') {
      const to = `https://guce.yahoo.com/copyConsent?${this.#sid()}&lang=en-GB`;
      const answer = redirect(302, to);
      // The only cookie of the consent host itself.
      return withCookies(answer, [`CFC=${this.#token('cfc')}; Domain=consent.yahoo.com; Path=/; Secure`]);
    }
    return pageAnswer(
      '<html><body><form method="post">' +
        `<input type="hidden" name="csrfToken" value="${this.#token('csrf')}">` +
        `<input type="hidden" name="sessionId" value="${this.#sid().slice('sessionId='.length)}">` +
        '<input type="hidden" name="namespace" value="yahoo">' +
        '<button type="submit" name="agree" value="agree">Accept all</button></form></body></html>',
    );
  }

  #cookies(): string[] {
    const value = `d=${this.#token('a3')}&S=${this.#token('s')}`;
    return [cookie('A1', value), cookie('A3', value, 31_557_600, 'None'), cookie('A1S', value)];
  }

  #isKnown(cookies: string): boolean {
    return cookies.includes(`A3=d=${this.#token('a3')}`);
  }

  #sid(): string {
    return `sessionId=3_cc-session_${this.#token('session')}`;
  }

  #token(what: string): string {
    // A cookie outlives its crumbs.
    const generation = what.startsWith('crumb') ? this.#generation : 0;
    return hash(this.#seed, what, generation).toString(36).padStart(7, '0');
  }
}

function unauthorized(description: string): Answer {
  const body = { finance: { result: null, error: { code: 'Unauthorized', description } } };
  return jsonAnswer(JSON.stringify(body), 401);
}

// Expiry is by age, not by date: the server's clock may be in another year than the client's.
function cookie(name: string, value: string, maxAge = 31_557_600, sameSite = 'Lax'): string {
  return `${name}=${value}; Max-Age=${maxAge}; Domain=.yahoo.com; Path=/; SameSite=${sameSite}; Secure; HttpOnly`;
}

function withCookies(answer: Answer, cookies: readonly string[]): Answer {
  return { ...answer, headers: { ...answer.headers, 'set-cookie': cookies } };
}

function redirect(status: number, location: string): Answer {
  return { status, headers: { location, 'content-type': 'text/html; charset=utf-8' }, body: '' };
}
