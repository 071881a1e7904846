import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertFacts } from '../../../functions/alerts/contracts.ts';
import { oneLine, plainName } from '../../../functions/alerts/hostile-text.ts';
import { messageOf } from '../../../functions/alerts/message.ts';
import { renderHtml, renderMarkdown, renderMrkdwn, renderPlain } from '../../../functions/alerts/text.ts';
import { exampleChange, exampleFacts } from './examples.ts';

const titleOf = (changed: Partial<AlertFacts>) => messageOf(exampleFacts(changed)).title;
const plain = (changed: Partial<AlertFacts> = {}) => renderPlain(messageOf(exampleFacts(changed)));

describe('the title', () => {
  test.each([
    ['NVDA: HOLD → BUY (moderate)', exampleChange()],
    ['NVDA: BUY reached its stop (moderate)', exampleChange({ change: 'stop', from: 'BUY', to: null })],
    ['NVDA: SELL reached its target (moderate)', exampleChange({ change: 'target', from: 'SELL', to: null })],
    ['NVDA: BUY withheld (moderate)', exampleChange({ change: 'withheld', from: 'BUY', to: null })],
    ['NVDA: first call, SELL (moderate)', exampleChange({ change: 'new', from: null, to: 'SELL' })],
    ['NVDA: HOLD is back (moderate)', exampleChange({ change: 'back', from: null, to: 'HOLD' })],
  ])('says the only change: %s', (title, change) => {
    expect(titleOf({ changes: [change] })).toBe(title);
  });

  test('says the first change and how many more there are', () => {
    const changes = [exampleChange(), exampleChange({ symbol: 'BRK-B' })];
    expect(titleOf({ changes })).toBe('NVDA: HOLD → BUY, and 1 more (moderate)');
    expect(titleOf({ changes, more: 700, kind: 'digest', profile: 'aggressive' })).toBe(
      'Summary: NVDA: HOLD → BUY, and 701 more (aggressive)',
    );
  });

  test('begins with the code that confirms an address', () => {
    const test: Partial<AlertFacts> = { kind: 'test', changes: [] };
    expect(titleOf(test)).toBe('Test message from Boursomatic');
    expect(titleOf({ ...test, confirmationCode: '12345678' })).toBe('12345678 is your Boursomatic code');
  });
});

describe('the plain text', () => {
  test('says the change, its chance, its reason, the track record, as-of, profile, and how to stop', () => {
    expect(plain({ notice: 'Sample data.' })).toBe(
      `NVDA: HOLD → BUY (moderate)

NVIDIA Corporation
Chance: 48 in 100 of clearly beating the average stock. For any stock it is 30 in 100.
Track record: 71 of 128 earlier BUY calls of this profile beat the average stock (55%).
Close 123.45 USD, stop 118.00, target 135.00.
Why: The chance of BUY rose from 28% to 48%.
Details: https://stocks.example.org/recommendations/5f0c7a52-7b1a-4a7e-9f0e-0d7c1c4f6a11

As of the close of 30 Nov 2026. Profile: moderate.
Sample data.
This is information, not advice. Any call can be wrong.
Stop these messages: https://stocks.example.org/unsubscribe?token=t0k3n
Change your alerts: https://stocks.example.org/settings#alerts`,
    );
  });

  test('says what SELL and HOLD calls expect, and that there is no record yet', () => {
    const sell = plain({ changes: [exampleChange({ to: 'SELL' })] });
    expect(sell).toContain('Chance: 48 in 100 of clearly lagging the average stock.');
    expect(sell).toContain('71 of 128 earlier SELL calls of this profile lagged the average stock (55%).');
    const hold = plain({ changes: [exampleChange({ to: 'HOLD', record: null })] });
    expect(hold).toContain('of staying near the average stock');
    expect(hold).toContain('Track record: HOLD calls are not scored.');
    for (const record of [null, { calls: 0, hits: 0 }])
      expect(plain({ changes: [exampleChange({ record })] })).toContain(
        'Track record: no earlier BUY call of this profile has a result yet.',
      );
  });

  test('says the chance of the call that reached its stop, and nothing of a call that is withheld', () => {
    const stop = exampleChange({ change: 'stop', from: 'BUY', to: null });
    expect(plain({ changes: [stop] })).toContain('Chance: 48 in 100 of clearly beating');
    const withheld = plain({ changes: [exampleChange({ change: 'withheld', from: 'BUY', to: null })] });
    expect(withheld).not.toMatch(/Chance|Track record|Close 1/);
    expect(withheld).toContain('Why: ');
  });

  test('leaves out what is unknown', () => {
    expect(plain({ changes: [exampleChange({ name: 'NVDA' })] })).toContain('(moderate)\n\nChance: ');
    const unknown = { chance: null, baseRate: null, close: null, currency: null };
    expect(plain({ changes: [exampleChange(unknown)] })).not.toMatch(/null|NaN|undefined|Chance|Close/);
    const some = exampleChange({
      baseRate: null,
      stopLoss: null,
      takeProfit: null,
      currency: null,
      close: 0.1234,
    });
    expect(plain({ changes: [some] })).toContain('Close 0.1234.');
  });

  test('says what a test is for, and how to confirm an address', () => {
    const test = plain({ kind: 'test', changes: [] });
    expect(test).toContain('This channel works. Your alerts will arrive here.');
    expect(test).toContain('Stop these messages: ');
    const confirmation = plain({ kind: 'test', changes: [], confirmationCode: '12345678' });
    expect(confirmation).toContain(
      'Enter the code 12345678 under Settings, Alerts to get your alerts at this address.',
    );
    expect(confirmation).not.toContain('This channel works');
  });
});

describe('a long digest', () => {
  const digest = (count: number, more = 0) =>
    messageOf(
      exampleFacts({
        kind: 'digest',
        changes: Array.from({ length: count }, (_, index) => exampleChange({ symbol: `S${index}` })),
        more,
      }),
    );

  test('is cut at fifty changes, with the number of the others and a link', () => {
    const text = renderPlain(digest(73));
    expect(text.match(/^S\d+: HOLD → BUY$/gm)).toHaveLength(50);
    expect(text).toContain('\n\nand 23 more: https://stocks.example.org/recommendations\n\n');
    expect(renderHtml(digest(73))).toContain('>and 23 more</a>');
    expect(renderPlain(digest(50))).not.toContain('and 0 more');
    expect(renderPlain(digest(2, 9))).toContain('and 9 more: ');
  });

  test('is cut to the limit of its channel, and always says how to stop', () => {
    for (const render of [renderPlain, renderMarkdown, renderMrkdwn]) {
      const text = render(digest(40), { most: 2000 });
      expect(text.length).toBeLessThanOrEqual(2000);
      const shown = text.match(/S\d+\\?: HOLD/g)?.length ?? 0;
      // The title repeats the first change.
      expect(text).toContain(`and ${40 - (shown - 1)} more`);
      expect(text).toContain('/unsubscribe?token=t0k3n');
    }
  });
});

describe('names that vendors and files bring', () => {
  test.each([
    ['NVIDIA Corporation', 'NVIDIA Corporation'],
    ["Moody's & Co. (A/S), Société Générale+", "Moody's & Co. (A/S), Société Générale+"],
    ['<b>Acme</b>\r\nBcc: x@y', 'b Acme /b Bcc x y'],
    ['@everyone **now**', 'everyone now'],
    ['https://evil.example', 'https //evil.example'],
    ['a\u202Eb\u200Bc\u0000d', 'a b c d'],
    ['\uD800 half', 'half'],
    ['x'.repeat(61), `${'x'.repeat(59)}…`],
  ])('become plain: %j', (name, expected) => {
    expect(plainName(name)).toBe(expected);
  });

  test('are cut between characters', () => {
    expect(oneLine('😀'.repeat(9), 5)).toBe(`${'😀'.repeat(4)}…`);
  });

  /** Text of all kinds, with markup of every channel in it. */
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc
      .array(
        fc.constantFrom(
          ...['<script>', '</a>', '<!everyone>', '<@U123>', '@everyone', '@here', '**', '__', '`', '|', '~'],
          ...[
            '[x](http://evil.example)',
            '\r\n',
            'Bcc: a@b.c',
            '&lt;',
            '"',
            "'",
            '\\',
            '#',
            '>',
            '😀',
            '\u202E',
          ],
        ),
        { maxLength: 60 },
      )
      .map((parts) => parts.join('')),
  );
  const facts = fc
    .record({
      name: hostile,
      why: hostile,
      notice: fc.option(hostile),
      count: fc.constantFrom(1, 2, 7, 60),
    })
    .map(({ name, why, notice, count }) =>
      exampleFacts({ notice, changes: Array.from({ length: count }, () => exampleChange({ name, why })) }),
    );

  /** The same facts with harmless words. Markup must not depend on the words. */
  const harmless = (hostileFacts: AlertFacts) => ({
    ...hostileFacts,
    notice: hostileFacts.notice === null ? null : 'n',
    changes: hostileFacts.changes.map((change) => ({ ...change, name: 'n', why: 'w' })),
  });

  test('never add a line, a tag or an attribute to HTML', () => {
    const tags = (one: AlertFacts) => renderHtml(messageOf(one)).match(/[<>"]/g)?.join('');
    const lines = (one: AlertFacts) => renderHtml(messageOf(one)).split('\n').length;
    fc.assert(
      fc.property(facts, (one) => {
        // A name without any plain character leaves its line out.
        const comparable = { ...one, changes: one.changes.map((c) => ({ ...c, name: `n${c.name}` })) };
        expect(tags(comparable)).toBe(tags(harmless(comparable)));
        expect(lines(comparable)).toBe(lines(harmless(comparable)));
      }),
    );
  });

  test('never form a mention, a link or a command of Slack', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const text = renderMrkdwn(messageOf(one), { most: 4000 });
        for (const [, inside] of text.matchAll(/<([^>]*)>/g))
          expect(inside).toMatch(/^https:\/\/stocks\.example\.org\/[^|<>]*\|[^|<>]*$/);
        expect(text.match(/[<>]/g)?.length).toBe(2 * [...text.matchAll(/<https:[^>]*>/g)].length);
      }),
    );
  });

  test('never form Markdown of Discord', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const text = renderMarkdown(messageOf(one), { most: 2000 });
        // Without our own bold text, links and escaped characters, no markup is left.
        const rest = text
          .replaceAll(/\\[^0-9A-Za-z\s]/g, '')
          .replaceAll(/\]\(<https:\/\/stocks\.example\.org\/[^\s<>()]*>\)/g, '')
          .replaceAll(/^\*\*|\*\*$/gm, '')
          .replaceAll(/^\[/gm, '');
        expect(rest).not.toMatch(/[\\*_~`|<>#[\]@]/);
      }),
    );
  });

  test('never break a title, a limit or the way to stop', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const message = messageOf(one);
        expect(message.title).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        const bytes = (text: string) => Buffer.byteLength(text);
        const texts = [
          renderMarkdown(message, { most: 2000 }),
          renderMrkdwn(message, { most: 4000 }),
          renderPlain(message, { most: 4096, size: bytes, title: false }),
          renderHtml(message),
        ];
        expect(texts[0]?.length).toBeLessThanOrEqual(2000);
        expect(texts[1]?.length).toBeLessThanOrEqual(4000);
        expect(bytes(texts[2] ?? '')).toBeLessThanOrEqual(4096);
        for (const text of texts) {
          expect(text).toContain('/unsubscribe?token=t0k3n');
          expect(text.isWellFormed()).toBe(true);
          expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        }
      }),
    );
  });
});

test('addresses contain no markup of any channel', () => {
  const path = "/recommendations/a)b|c>d'e`f[g]h";
  const { link } = messageOf(exampleFacts({ changes: [exampleChange({ path })] }));
  expect(link).toBe('https://stocks.example.org/recommendations/a%29b%7Cc%3Ed%27e%60f%5Bg%5Dh');
});
