import { expect, test } from 'vitest';
import type { AlertChannel, AlertMessage, AlertRule } from '../../web/api-types.d.ts';
import { readConfig } from '../../web/src/alerts/channel-kinds.ts';
import { describeState, describeTest } from '../../web/src/alerts/channel-words.ts';
import { describeRule } from '../../web/src/alerts/rule-words.ts';
import { listTimeZones, nameOfTimeZone, timeIn } from '../../web/src/alerts/time-zones.ts';

const CHANNEL: AlertChannel = {
  id: 'one',
  kind: 'email',
  name: 'Mail',
  target: 'ada@example.com',
  state: 'working',
  createdAt: '2026-11-30T08:00:00.000Z',
  verifiedAt: '2026-11-30T08:05:00.000Z',
  failingSince: null,
  disabledAt: null,
  reason: null,
};

const TEST: AlertMessage = {
  id: 'message',
  channelId: 'one',
  channelName: 'Mail',
  channelKind: 'email',
  kind: 'test',
  profile: 'moderate',
  changes: 0,
  state: 'pending',
  createdAt: '2026-12-01T08:00:00.000Z',
  attempts: 0,
  nextAttemptAt: '2026-12-01T08:00:00.000Z',
  endedAt: null,
  reason: null,
};

const RULE: AlertRule = {
  id: 'rule',
  kind: 'digest',
  scope: 'all',
  profile: 'moderate',
  channelIds: ['one', 'two', 'deleted'],
  isOn: true,
  frequency: 'weekly',
  time: '18:45',
  weekday: 7,
  createdAt: '2026-12-01T08:00:00.000Z',
};

const NAMES = new Map([
  ['one', 'Mail'],
  ['two', 'ntfy'],
]);

const at = (minutes: number) => Date.parse(TEST.createdAt) + minutes * 60_000;

test('describes a rule by its time, profile and channels', () => {
  expect(describeRule(RULE, NAMES)).toBe(
    'Every Sunday at 18:45, for the moderate profile, to Mail and ntfy.',
  );
  const daily = { ...RULE, frequency: 'daily', weekday: null, profile: null, channelIds: null } as const;
  expect(describeRule(daily, NAMES)).toBe('Every day at 18:45, for your own profile, to all channels.');
  const label: AlertRule = {
    ...RULE,
    kind: 'label',
    frequency: null,
    time: null,
    weekday: null,
    channelIds: [],
  };
  expect(describeRule(label, NAMES)).toBe('For the moderate profile, to no channel.');
});

test('marks each channel that receives nothing, with the reason', () => {
  expect(describeState(CHANNEL).mark).toBeUndefined();
  const failing = {
    ...CHANNEL,
    state: 'failing',
    failingSince: CHANNEL.createdAt,
    reason: 'HTTP 500.',
  } as const;
  expect(describeState(failing)).toMatchObject({
    mark: 'failing',
    words: expect.stringMatching(/^Not working since .*\. HTTP 500\.$/),
  });
  const off = { ...CHANNEL, state: 'disabled', disabledAt: CHANNEL.createdAt, reason: 'Stopped.' } as const;
  expect(describeState(off)).toMatchObject({
    mark: 'off',
    words: expect.stringMatching(/^Off since .*\. Stopped\.$/),
  });
  expect(describeState({ ...CHANNEL, state: 'unverified' }).words).toContain('enter the code');
  expect(describeState({ ...CHANNEL, state: 'unverified', kind: 'ntfy' }).words).not.toContain('code');
});

test('says what became of the newest test message, and is silent later', () => {
  const describe = (test: Partial<AlertMessage>, channel: Partial<AlertChannel> = {}) =>
    describeTest(
      { ...CHANNEL, ...channel },
      [
        { ...TEST, ...test },
        { ...TEST, state: 'dead' },
      ],
      at(1),
    );
  expect(describe({})?.words).toBe('The test message is on its way…');
  expect(describe({ state: 'sent' }, { state: 'unverified' })?.words).toContain('It contains your code.');
  expect(describe({ state: 'sent' }, { kind: 'slack' })?.words).toBe('The test message was sent.');
  expect(describe({ attempts: 1, reason: 'HTTP 503.' })).toMatchObject({
    kind: 'warning',
    words: expect.stringMatching(/could not be sent yet\. HTTP 503\. The next attempt is at /),
  });
  expect(describe({ state: 'dead', reason: 'HTTP 404.' })).toEqual({
    kind: 'error',
    words: 'The test message could not be sent. HTTP 404.',
  });
  expect(describe({ channelId: 'two', state: 'sent' })?.kind).toBe('error');
  expect(describeTest(CHANNEL, [TEST], at(11))).toBeUndefined();
  expect(describeTest(CHANNEL, [], at(0))).toBeUndefined();
});

test('sends the fields of a channel without spaces around them, and without empty optional ones', () => {
  expect(
    readConfig('ntfy', { topic: ' t ', server: 'https://ntfy.sh', token: ' ', url: 'of another kind' }),
  ).toEqual({
    topic: 't',
    server: 'https://ntfy.sh',
  });
});

test('lists each time zone once, with the chosen one', () => {
  const zones = listTimeZones('Mars/Olympus');
  expect(zones).toContain('Mars/Olympus');
  expect(zones).toContain('UTC');
  expect(new Set(zones).size).toBe(zones.length);
  expect(nameOfTimeZone('America/Argentina/Buenos_Aires')).toBe('America/Argentina/Buenos Aires');
  expect(timeIn('Asia/Tokyo', Date.UTC(2026, 11, 1))).toMatch(/9:00/);
  expect(timeIn('Mars/Olympus', 0)).toBe('');
});
