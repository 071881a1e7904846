import { ConfigurationError } from '../../shared/errors.ts';
import { readSecret } from '../../shared/secrets.ts';
import { KeyRefusedError, ProviderError, SchemaDriftError } from './errors.ts';

/** How a vendor's key is stored. */
export interface KeyForm<N extends string> {
  /** A Secrets Manager id or ARN, or a `file:` URL. */
  secretId: string;
  /** The vendor's name, for messages. */
  vendor: string;
  /** The parts of the key, by their names in the secret. */
  parts: readonly N[];
}

/**
 * The key of a vendor, from a secret: its parts in a JSON object such as `{"apikey": "..."}`, or as text, separated by
 * colons. No message contains any part.
 */
export class VendorKey<N extends string> {
  readonly #form: KeyForm<N>;
  #value: Readonly<Record<N, string>>;

  private constructor(form: KeyForm<N>, value: Readonly<Record<N, string>>) {
    this.#form = form;
    this.#value = value;
  }

  /**
   * Reads the key.
   *
   * @throws ConfigurationError if the secret cannot be read or holds no such key
   */
  static async open<N extends string>(form: KeyForm<N>): Promise<VendorKey<N>> {
    return new VendorKey(form, await readKey(form));
  }

  /**
   * Sends a request with the key. Where the vendor refuses the key, reads the secret again, because it may have been
   * replaced while this process runs.
   *
   * @param subject - the subject of messages: a symbol, or several
   * @throws ProviderError whose message contains no part of the key
   */
  async run<T>(subject: string, request: (key: Readonly<Record<N, string>>) => Promise<T>): Promise<T> {
    const used = this.#value;
    try {
      return await this.#attempt(subject, request);
    } catch (error) {
      if (!(error instanceof KeyRefusedError)) throw error;
      this.#value = await readKey(this.#form);
      if (this.#form.parts.every((part) => this.#value[part] === used[part])) throw error;
      return this.#attempt(subject, request);
    }
  }

  async #attempt<T>(subject: string, request: (key: Readonly<Record<N, string>>) => Promise<T>): Promise<T> {
    const key = this.#value;
    try {
      return await request(key);
    } catch (error) {
      // Messages quote answers, into which a server can copy the key of the request.
      const isRevealed =
        error instanceof ProviderError && this.#form.parts.some((part) => error.message.includes(key[part]));
      if (!isRevealed) throw error;
      throw new SchemaDriftError(`${subject}: unexpected answer: it repeats the key`);
    }
  }
}

async function readKey<N extends string>({ secretId, vendor, parts }: KeyForm<N>) {
  const text = (await readSecret(secretId)).trim();
  const plain = parts.length === 1 ? [text] : text.split(':');
  const values = text.startsWith('{') ? valuesOf(text, parts) : plain;
  const isKey = values.length === parts.length && values.every((value) => /^[\x21-\x7e]+$/.test(value));
  if (!isKey) throw new ConfigurationError(`secret ${secretId}: holds no key for ${vendor}`);
  return Object.fromEntries(parts.map((part, i) => [part, values[i]])) as Record<N, string>;
}

function valuesOf(text: string, parts: readonly string[]): string[] {
  try {
    const object = JSON.parse(text) as Record<string, unknown>;
    return parts.map((part) => String(object[part] ?? ''));
  } catch {
    return [];
  }
}
