import * as z from 'zod';
import { masked, plainChannel, TargetUrl } from './channel.ts';

const TOPIC = /^[A-Za-z0-9_-]{1,64}$/;
const TOKEN = /^[A-Za-z0-9_-]{1,128}$/;

/** A topic of ntfy.sh or of another ntfy server. */
export const NTFY = plainChannel({
  kind: 'ntfy',
  title: 'ntfy',
  input: z.strictObject({
    server: TargetUrl.default('https://ntfy.sh'),
    topic: z.string().regex(TOPIC, 'must have 1 to 64 letters, digits, hyphens or underscores'),
    token: z.string().regex(TOKEN, 'must be an access token such as tk_… without spaces').optional(),
  }),
  // Whoever knows the name of an open topic can read it.
  describe: ({ server, topic }) => `${masked(topic, 4)} at ${new URL(server).host}`,
});
