import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { defined } from '../../web/src/defined.ts';
import { publishCall, unsubscribePath, useMail } from './alert-support.ts';
import { expectAccessible, expectFocus, useBrowser, WIDTHS } from './browser-support.ts';
import { scrollsSideways } from './page-support.ts';

const { prepare, mailsTo } = useMail();
const { openAdmin, openNewUser, openPage, service } = useBrowser(prepare);

/** The service reads the outbox every ten seconds. */
const DELIVERY = { timeout: 40_000 };

const EXACT = { exact: true };

/** Opens the dialog for a kind of channel. */
async function startChannel(page: Page, kind: string) {
  await page.getByRole('button', { name: 'Add a channel…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a channel' });
  await dialog.getByRole('button', { name: /Send messages by/ }).click();
  await page.getByRole('option', { name: kind }).click();
  return dialog;
}

/** Adds an e-mail channel, and confirms it with the code that arrives. */
async function addEmail(page: Page, address: string): Promise<void> {
  const dialog = await startChannel(page, 'E-mail');
  await dialog.getByLabel('E-mail address').fill(address);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const row = page.getByRole('list', { name: 'Channels' }).getByRole('listitem').filter({ hasText: address });
  await row.getByText('The test message was sent. It contains your code.').waitFor({ timeout: 40_000 });
  const code = /(\d{8}) is your Boursomatic code/.exec(mailsTo(address).at(-1) ?? '')?.[1];
  const field = row.getByLabel(`Code from the message to ${address}`);
  await field.fill(code === '00000000' ? '11111111' : '00000000');
  await row.getByRole('button', { name: 'Confirm this address' }).click();
  await row.getByText(/The code is wrong/).waitFor();
  await expectFocus(field);
  await expectAccessible(page);
  await field.fill(defined(code, 'code'));
  await row.getByRole('button', { name: 'Confirm this address' }).click();
  await row.getByText(/^Working since /).waitFor();
}

test('a followed stock’s change arrives by e-mail, and its link stops the next one', async () => {
  await publishCall(service(), 'HOLD');
  const users = await Promise.all(
    WIDTHS.map(async (width) => {
      const { page, login, expectStatus } = await openNewUser(width);
      expectStatus(400, 401);
      await page.getByRole('button', { name: 'Follow AAPL' }).click();
      await page.goto('/settings#alerts');
      await page.getByText('You get no messages until you add a channel.').waitFor();
      await expectAccessible(page);
      await addEmail(page, login.email);
      await page.getByText('Tell me when the call of a stock that I follow changes', EXACT).waitFor();
      expect(await scrollsSideways(page)).toBe(false);
      return { width, page, address: login.email, other: `other-${login.email}` };
    }),
  );

  await publishCall(service(), 'BUY');
  for (const { page, width, address, other } of users) {
    await expect.poll(() => mailsTo(address).length, DELIVERY).toBe(2);
    const mail = defined(mailsTo(address)[1], 'message');
    expect(mail).toMatch(/^Subject: .*AAPL.*HOLD.*BUY/m);
    // The link works in a browser without a session.
    const { page: stranger } = await openPage(width);
    await stranger.goto(unsubscribePath(mail));
    await stranger.getByText(/This stops all messages that you get from this service by e-mail/).waitFor();
    await expectAccessible(stranger);
    expect(await scrollsSideways(stranger)).toBe(false);
    expect(await stranger.content()).not.toContain(address);
    await stranger.getByRole('button', { name: 'Stop the messages' }).click();
    await stranger.getByText('Stopped', { exact: true }).waitFor();
    await expectAccessible(stranger);
    await stranger.reload();
    await stranger.getByText('Stopped already').waitFor();
    await page.reload();
    await page.getByText(/Off since .* with the link in one of them\./).waitFor();
    await addEmail(page, other);
  }

  await publishCall(service(), 'HOLD');
  for (const { address, other } of users) {
    await expect.poll(() => mailsTo(other).length, DELIVERY).toBe(2);
    expect(mailsTo(other)[1]).toMatch(/^Subject: .*AAPL.*BUY.*HOLD/m);
    expect(mailsTo(address)).toHaveLength(2);
  }
}, 240_000);

describe.each(WIDTHS)('the alerts in the settings at %i pixels', (width) => {
  test('check what is typed, show the secret of a webhook once, and say why it does not work', async () => {
    const { page, login, expectStatus } = await openNewUser(width);
    expectStatus(400);
    await page.goto('/settings#alerts');
    for (const kind of ['Telegram', 'Discord', 'Slack', 'ntfy', 'Webhook']) {
      const dialog = await startChannel(page, kind);
      await expectAccessible(page);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
    }
    const dialog = await startChannel(page, 'Telegram');
    await dialog.getByLabel('Bot token').fill('123456789 ABC');
    await dialog.getByLabel('Chat id').fill('42');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByText(/must be the token from @BotFather/i).waitFor();
    await expectFocus(dialog.getByLabel('Bot token'));
    await expectAccessible(page);
    await dialog.getByRole('button', { name: /Send messages by/ }).click();
    await page.getByRole('option', { name: 'Webhook' }).click();
    await dialog.getByLabel('URL').fill('https://127.0.0.1:9/');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    const section = page.locator('#alerts');
    await expectFocus(section.getByRole('heading', { name: 'Save the secret of your webhook' }));
    const secret = defined((await section.locator('.secret code').textContent()) ?? undefined, 'secret');
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await expectAccessible(page);
    await section.getByRole('button', { name: 'I have saved it' }).click();
    await section.getByText('not tested').waitFor();
    expect(await page.content()).not.toContain(secret);
    // The address is private, which the operator has not allowed.
    await section.getByText(/The test message could not be sent/).waitFor({ timeout: 40_000 });
    await expectAccessible(page);

    await service().asOwner(async (sql) => {
      const user = sql`(SELECT id FROM users WHERE email = ${login.email})`;
      await sql`
        UPDATE alert_channels SET verified_at = now(), failing_since = now() - interval '1 day', disabled_at = NULL,
          disabled_reason = NULL
        WHERE user_id = ${user}`;
      await sql`
        UPDATE alert_messages SET state = 'dead', kind = 'changes', change_ids = '{1,2}', attempts = 12,
          ended_at = now(), reason = 'The other side answered with an error (HTTP 500).'
        WHERE user_id = ${user}`;
    });
    await page.reload();
    await section.getByText(/^Not working since .* The other side answered with an error/).waitFor();
    const lost = section.getByRole('list', { name: 'Not delivered' }).getByRole('listitem');
    await lost.getByText('Message about 2 changes to Webhook').waitFor();
    await lost.getByText(/12 attempts\. The other side answered with an error/).waitFor();
    expect(await scrollsSideways(page)).toBe(false);
    await expectAccessible(page);
    await lost.getByRole('button', { name: /^Retry/ }).click();
    await expect.poll(() => lost.count()).toBe(0);
    await section.getByRole('button', { name: 'Delete the channel Webhook' }).click();
    await expectAccessible(page);
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await section.getByText('You get no messages until you add a channel.').waitFor();
  });

  test('switch rules on and off, and keep the times of summaries and quiet hours', async () => {
    const { page, expectStatus } = await openNewUser(width);
    expectStatus(400);
    await page.goto('/settings#alerts');
    const section = page.locator('#alerts');
    const dialog = await startChannel(page, 'ntfy');
    await dialog.getByLabel('Topic').fill('a-topic-of-a-test');
    await dialog.getByLabel('Server').fill('https://127.0.0.1:9/');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    // The browser's own zone.
    const zone = section.getByRole('combobox', { name: 'Time zone' });
    await expect.poll(() => zone.inputValue()).toBe('Europe/Brussels');
    const change = section.getByRole('switch', { name: /call of a stock that I follow changes/ });
    await expect.poll(() => change.isChecked()).toBe(true);
    await section.getByText('Tell me when the call of a stock that I follow changes', EXACT).click();
    await expect.poll(() => change.isChecked()).toBe(false);
    await section.getByText('Send me a summary of what changed about stocks that I follow', EXACT).click();
    await section.getByText('Every day at 08:00, for your own profile, to all channels.').waitFor();
    await section.getByRole('button', { name: /^Change….*summary/ }).click();
    const details = page.getByRole('alertdialog', { name: /^Send me a summary/ });
    await details.getByText('All stocks').click();
    await details.getByText('Every week').click();
    await details.getByRole('button', { name: /^Monday/ }).click();
    await page.getByRole('option', { name: 'Friday' }).click();
    await details.getByLabel('Time').fill('18:45');
    await details.getByRole('button', { name: /My own profile/ }).click();
    await page.getByRole('option', { name: 'Moderate' }).click();
    await details.getByText('Send to all channels').click();
    await expectAccessible(page);
    await details.getByRole('button', { name: 'Save' }).click();
    await section.getByText('Every Friday at 18:45, for the moderate profile, to ntfy.').waitFor();
    await section.getByText('Send me a summary of what changed about all stocks', EXACT).waitFor();

    // The list of a field closes when the page scrolls, and typing opens it again.
    await expect
      .poll(async () => {
        await zone.fill('new york');
        await page
          .getByRole('option', { name: 'America/New York' })
          .click({ timeout: 2_000 })
          .catch(() => {});
        return zone.inputValue();
      })
      .toBe('America/New York');
    await section.getByText('Send nothing during quiet hours').click();
    await section.getByLabel('From', { exact: true }).fill('21:00');
    await section.getByLabel('Until').fill('21:00');
    await section.getByRole('button', { name: 'Save times' }).click();
    await section.getByText(/must differ from quietFrom/i).waitFor();
    await expectFocus(section.getByLabel('Until'));
    await section.getByLabel('Until').fill('07:30');
    await section.getByRole('button', { name: 'Save times' }).click();
    await section.getByText('Saved.').waitFor();
    await page.reload();
    await expect.poll(() => zone.inputValue()).toBe('America/New York');
    expect(await section.getByLabel('From', { exact: true }).inputValue()).toBe('21:00');
    expect(await section.getByLabel('Until').inputValue()).toBe('07:30');
    await expect.poll(() => change.isChecked()).toBe(false);
    expect(await scrollsSideways(page)).toBe(false);
    await expectAccessible(page);
  });

  test('say which kind of channel the installation cannot send', async () => {
    const { page } = await openNewUser(width);
    await page.route('**/v1/me/alerts/channels', async (route) => {
      const response = await route.fetch();
      await route.fulfill({
        response,
        json: { ...(await response.json()), offeredKinds: ['ntfy', 'slack'] },
      });
    });
    await page.goto('/settings#alerts');
    const dialog = await startChannel(page, 'E-mail');
    await dialog.getByText('This service cannot send e-mail yet').waitFor();
    expect(await dialog.getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true);
    await expectAccessible(page);
  });

  test('explain a link that stops nothing', async () => {
    const { page, expectStatus } = await openPage(width);
    expectStatus(400, 404);
    for (const path of [
      '/unsubscribe',
      '/unsubscribe?token=',
      '/unsubscribe?token=abc',
      '/unsubscribe?token=%0A',
    ]) {
      await page.goto(path);
      await page.getByText('This link does not work').waitFor();
      expect(await page.getByRole('button').count()).toBe(0);
    }
    await expectAccessible(page);
    expect(await scrollsSideways(page)).toBe(false);
  });

  test('show an administrator what could not be delivered to whom, without addresses', async () => {
    const { page, login } = await openNewUser(width);
    await page.goto('/settings#alerts');
    const dialog = await startChannel(page, 'Webhook');
    await dialog.getByLabel('URL').fill('https://127.0.0.1:9/a-secret-path');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'I have saved it' }).click();
    const [{ id }] = await service().asOwner(
      (sql) => sql<[{ id: string }]>`
      UPDATE alert_messages SET state = 'dead', attempts = 9, reason = 'The last reason.', ended_at = now()
      WHERE user_id = (SELECT id FROM users WHERE email = ${login.email}) RETURNING user_id AS id`,
    );
    const { page: admin } = await openAdmin(width, '/admin/alerts');
    const row = admin.locator('tbody tr').filter({ hasText: id.slice(-8) });
    await row.getByText('The last reason.').waitFor();
    await admin.getByText('Delivery works').waitFor();
    expect(await row.textContent()).toMatch(/WebhookTest message.*9.*The last reason\./);
    expect(await admin.content()).not.toContain('a-secret-path');
    expect(await scrollsSideways(admin)).toBe(false);
    await expectAccessible(admin);
    await row.getByRole('link').click();
    await admin.getByRole('heading', { name: 'Security events' }).waitFor();
  });
});
