import * as z from 'zod';
import { plainChannel } from './channel.ts';

/** E-mail to one address. */
export const EMAIL = plainChannel({
  kind: 'email',
  title: 'E-mail',
  input: z.strictObject({
    address: z
      .email('must be an e-mail address such as you@example.com')
      .max(254, 'has more than 254 characters'),
  }),
  describe: ({ address }) => address,
});
