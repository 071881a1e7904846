import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readOperatorSettings, readPageUrl, smtpUrl } from '../../../functions/alerts/operator-settings.ts';
import { ENV } from '../../../functions/shared/constants.ts';

const PAGE = 'https://calls.example.org';

afterEach(() => vi.unstubAllEnvs());

function set(variables: Partial<Record<keyof typeof ENV, string>>): void {
  for (const [name, value] of Object.entries({ pageUrl: PAGE, ...variables }))
    vi.stubEnv(ENV[name as keyof typeof ENV], value);
}

describe('the settings of messages', () => {
  test('send no e-mail and reach no private address by default', async () => {
    set({});
    expect(await readOperatorSettings()).toEqual({
      reachPrivate: false,
      origins: {
        telegram: 'https://api.telegram.org',
        discord: 'https://discord.com',
        slack: 'https://hooks.slack.com',
      },
    });
  });

  test('read the SMTP URL from its secret again at each call', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smtp-'));
    try {
      const file = join(folder, 'smtp-url');
      set({ alertsFrom: 'alerts@example.com', alertsSmtpSecret: pathToFileURL(file).href });
      for (const url of ['smtp://localhost:2525', 'smtps://user:p%40ss@mail.example.com']) {
        await writeFile(file, `${url}\n`);
        expect((await readOperatorSettings()).email).toEqual({ from: 'alerts@example.com', smtpUrl: url });
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('send through SES if there is a sender and no SMTP URL', async () => {
    set({ alertsFrom: 'alerts@example.com', smtpUrl: '', alertsSmtpSecret: '' });
    expect((await readOperatorSettings()).email).toEqual({ from: 'alerts@example.com' });
  });

  test.each([
    ['a sender with a name', { alertsFrom: 'Calls <alerts@example.com>' }, 'ALERTS_FROM'],
    ['a sender with a line break', { alertsFrom: 'a@example.com\nBcc: b@example.com' }, 'ALERTS_FROM'],
    ['an unknown switch', { alertsReachPrivate: 'yes' }, 'ALERTS_REACH_PRIVATE'],
  ])('refuse %s', async (_name, variables, variable) => {
    set(variables);
    await expect(readOperatorSettings()).rejects.toThrow(variable);
  });

  test('name the page without a slash at the end', () => {
    set({ pageUrl: `${PAGE}/` });
    expect(readPageUrl()).toBe(PAGE);
  });

  test.each(['calls.example.org', 'ftp://calls.example.org', ''])(
    'refuse %j as address of the page',
    (pageUrl) => {
      set({ pageUrl });
      expect(readPageUrl).toThrow('PAGE_URL');
    },
  );

  test.each([
    'mail.example.com:587',
    'https://user:secret@mail.example.com',
    'smtp://',
    'smtp://user:se cret@',
  ])('refuse %j as an SMTP URL without repeating it', (text) => {
    expect(() => smtpUrl(text)).toThrow(/^the SMTP URL is not of the form/);
    expect(() => smtpUrl(text)).not.toThrow(/se ?cret/);
  });
});
