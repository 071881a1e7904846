import * as z from 'zod';
import type { ChannelKind } from '../contracts.ts';

/**
 * What a user enters and the service stores about channels of one kind. The API imports these descriptors, so they
 * import no client.
 */
export interface Channel<Kind extends ChannelKind = ChannelKind, Input = unknown, Config = Input> {
  kind: Kind;
  /** Its name in messages. */
  title: string;
  /** What a user enters. Its messages go to that user. */
  input: z.ZodType<Input>;
  /** What is stored, encrypted. */
  config: z.ZodType<Config>;
  /** Makes the stored form. `shownOnce` is a secret that was generated for the user. */
  create(input: Input): { config: Config; shownOnce: string | null };
  /** A short text that tells the user's channels apart and reveals no secret. */
  describe(config: Config): string;
}

/** Defines a kind of channel that stores what the user enters. */
export function plainChannel<Kind extends ChannelKind, Config>(
  descriptor: Omit<Channel<Kind, Config>, 'config' | 'create'>,
): Channel<Kind, Config> {
  return { ...descriptor, config: descriptor.input, create: (config) => ({ config, shownOnce: null }) };
}

/**
 * An address to which requests go. Whether its host may be reached depends on the operator, and on the addresses that
 * the host has at that time: safe-request.ts decides on each request.
 */
export const TargetUrl = z
  .string()
  .max(2048, 'has more than 2,048 characters')
  // A parser of URLs drops tabs and line breaks silently.
  .refine((text) => !/[\s\p{Cc}]/u.test(text), 'must not contain spaces or line breaks')
  .refine(
    (text) => URL.canParse(text) && /^https?:\/\//i.test(text),
    'must be an address that begins with https://',
  )
  .refine((text) => {
    const { username, password } = parsed(text);
    return username === '' && password === '';
  }, 'must not contain a user name or a password')
  .refine((text) => parsed(text).hash === '', 'must not contain a fragment (#)');

/** A URL, or an empty one for text that another check refuses. */
function parsed(text: string): Pick<URL, 'username' | 'password' | 'hash'> {
  return URL.canParse(text) ? new URL(text) : { username: '', password: '', hash: '' };
}

/**
 * The beginning of a secret, which tells it apart from others.
 *
 * @example masked('tk_AgQdq7mVBoFD37zQ', 4); // 'tk_A…'
 */
export function masked(secret: string, shown: number): string {
  return `${secret.slice(0, Math.min(shown, Math.floor(secret.length / 2)))}…`;
}
