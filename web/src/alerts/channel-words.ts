import type { AlertChannel, AlertMessage } from '../../api-types.d.ts';
import { dayAndTime } from '../ui/format.ts';

/** How long the page shows the result of a test message. */
const TEST_SHOWN_MS = 10 * 60_000;

/** The state of a channel: a short mark, unless it works, and a sentence. */
export function describeState(channel: AlertChannel): { mark: string | undefined; words: string } {
  const { state, kind, verifiedAt, failingSince, disabledAt } = channel;
  const reason = channel.reason ?? '';
  switch (state) {
    case 'working':
      return { mark: undefined, words: `Working since ${dayAndTime(verifiedAt ?? channel.createdAt)}.` };
    case 'failing':
      return { mark: 'failing', words: `Not working since ${dayAndTime(failingSince ?? '')}. ${reason}` };
    case 'disabled':
      return { mark: 'off', words: `Off since ${dayAndTime(disabledAt ?? '')}. ${reason}` };
    case 'unverified':
      return kind === 'email'
        ? { mark: 'not confirmed', words: 'It gets no alerts until you enter the code that we sent there.' }
        : { mark: 'not tested', words: 'It gets no alerts until a test message has arrived.' };
  }
}

/**
 * The result of a channel's latest test message; undefined if there was none in the last minutes.
 *
 * @param tests - test messages, newest first
 * @param now - milliseconds since 1970
 */
export function describeTest(
  { id, kind, state: channelState }: AlertChannel,
  tests: readonly AlertMessage[],
  now: number,
): { kind: 'info' | 'success' | 'warning' | 'error'; words: string } | undefined {
  const test = tests.find(({ channelId }) => channelId === id);
  if (!test || now - Date.parse(test.createdAt) > TEST_SHOWN_MS) return undefined;
  if (test.state === 'sent') {
    const where = kind === 'email' ? ' Look in your inbox and your spam folder.' : '';
    const code = kind === 'email' && channelState === 'unverified' ? ' It contains your code.' : '';
    return { kind: 'success', words: `The test message was sent.${code}${where}` };
  }
  if (test.state === 'dead')
    return { kind: 'error', words: `The test message could not be sent. ${test.reason ?? ''}` };
  if (test.state === 'dropped') return undefined;
  if (test.attempts === 0 || test.reason === null)
    return { kind: 'info', words: 'The test message is on its way…' };
  const next =
    test.nextAttemptAt === null ? '' : ` The next attempt is at ${dayAndTime(test.nextAttemptAt)}.`;
  return { kind: 'warning', words: `The test message could not be sent yet. ${test.reason}${next}` };
}
