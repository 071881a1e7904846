import * as z from 'zod';
import { plainChannel } from './channel.ts';

const WEBHOOK_URL =
  /^https:\/\/hooks\.slack(?:-gov)?\.com\/services\/(T[A-Z0-9]{5,20})\/(B[A-Z0-9]{5,20})\/[A-Za-z0-9]{16,64}$/;

/** An incoming webhook of a Slack workspace. */
export const SLACK = plainChannel({
  kind: 'slack',
  title: 'Slack',
  input: z.strictObject({
    url: z
      .string()
      .regex(
        WEBHOOK_URL,
        "must be the incoming webhook's URL as Slack shows it: https://hooks.slack.com/services/…",
      ),
  }),
  describe(config) {
    const [, workspace, app] = WEBHOOK_URL.exec(config.url) ?? [];
    return `workspace ${workspace}, webhook ${app}`;
  },
});
