import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { WEBHOOK } from '../../functions/alerts/channels/webhook.ts';
import { messageOf } from '../../functions/alerts/message.ts';
import { send } from '../../functions/alerts/senders/registry.ts';
import { renderPlain } from '../../functions/alerts/text.ts';
import { exampleContext, exampleDelivery, exampleFacts } from '../functions/alerts/examples.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENT = readFileSync(`${ROOT}/docs/alerts.md`, 'utf8');
const example = (language: string) => DOCUMENT.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? '';

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('docs/alerts.md shows the message as it is sent', () => {
  expect(example('text')).toBe(`${renderPlain(messageOf(exampleFacts()))}\n`);
});

test('the program of docs/alerts.md prints a change once, and refuses a wrong signature', async () => {
  const port = await freePort();
  const { config } = WEBHOOK.create({ url: `http://127.0.0.1:${port}/` });
  const env = { ...process.env, PORT: String(port), WEBHOOK_SECRET: config.secret };
  const program = spawn(process.execPath, ['--input-type=module', '--eval', example('js')], {
    cwd: ROOT,
    env,
  });
  try {
    const lines: string[] = [];
    createInterface(program.stdout).on('line', (line) => lines.push(line));
    const attempt = (secret: string) =>
      send(exampleDelivery('webhook', { ...config, secret }), exampleContext());
    await expect.poll(() => attempt(config.secret), { timeout: 20_000 }).toEqual({ status: 'sent' });
    expect(await attempt(config.secret)).toEqual({ status: 'sent' });
    expect(await attempt(WEBHOOK.create(config).config.secret)).toMatchObject({
      reason: 'The server refused the message (HTTP 401).',
    });
    await expect
      .poll(() => lines)
      .toEqual([
        'alert.changes 2026-11-30 moderate',
        'NVDA HOLD BUY The chance of BUY rose from 28% to 48%.',
      ]);
  } finally {
    program.kill();
    await once(program, 'exit');
  }
});
