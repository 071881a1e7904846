import type { Label } from '../shared/constants.ts';
import type { AlertChange, AlertFacts } from './contracts.ts';
import { oneLine, plainName } from './hostile-text.ts';

/** A line of a message. With `href`, its text is a link. */
export interface Line {
  text: string;
  href?: string;
}

/** The words of a message, before a channel's markup. */
export interface Message {
  /** The subject, or the first line on a phone's lock screen. With a single change, it says that change. */
  title: string;
  /** The page that a tap on the message opens. */
  link: string;
  blocks: Block[];
  /** How many changes the message leaves out. */
  omitted: number;
  /** The page with all changes. */
  allChanges: string;
  /** As-of, profile, notices, and how to stop the messages. */
  foot: Line[];
}

export interface Block {
  /** Absent if the title already says it. */
  heading?: string;
  lines: Line[];
}

/** A longer digest is a list for the page. */
const MOST_CHANGES = 50;

/** Writes the message that facts make. Every attempt writes the same. */
export function messageOf(facts: AlertFacts): Message {
  const [first] = facts.changes;
  const count = facts.changes.length + facts.more;
  const page = (path: string) => hrefOf(facts.pageUrl, path);
  return {
    title: titleOf(facts, count),
    link: page(first && count === 1 ? first.path : LIST),
    blocks: first ? blocksOf(facts, count) : [introduction(facts)],
    omitted: count - Math.min(facts.changes.length, MOST_CHANGES),
    allChanges: page(LIST),
    foot: [
      { text: `As of the close of ${dayText(facts.asOf)}. Profile: ${facts.profile}.` },
      ...(facts.notice === null ? [] : [{ text: oneLine(facts.notice, 300) }]),
      { text: 'This is information, not advice. Any call can be wrong.' },
      { text: 'Stop these messages', href: page(facts.unsubscribePath) },
      { text: 'Change your alerts', href: page(facts.managePath) },
    ],
  };
}

/** The list of calls, with the changes above it. */
const LIST = '/recommendations';

function titleOf({ kind, profile, changes: [first], confirmationCode }: AlertFacts, count: number): string {
  if (confirmationCode !== null) return `${oneLine(confirmationCode, 20)} is your Boursomatic code`;
  if (kind === 'test') return 'Test message from Boursomatic';
  const subject =
    first === undefined ? 'No changes' : `${headingOf(first)}${count > 1 ? `, and ${count - 1} more` : ''}`;
  return `${kind === 'digest' ? 'Summary: ' : ''}${subject} (${profile})`;
}

function introduction({ kind, confirmationCode }: AlertFacts): Block {
  if (kind !== 'test') return { lines: [{ text: 'No call changed since the last message.' }] };
  if (confirmationCode === null)
    return { lines: [{ text: 'This channel works. Your alerts will arrive here.' }] };
  const code = oneLine(confirmationCode, 20);
  return {
    lines: [
      { text: `Enter the code ${code} under Settings, Alerts to get your alerts at this address.` },
      { text: 'If you did not ask for this message, ignore it.' },
    ],
  };
}

function blocksOf({ changes, pageUrl }: AlertFacts, count: number): Block[] {
  return changes.slice(0, MOST_CHANGES).map((change) => {
    // A stock without a name has its symbol in its place, which the heading already says.
    const name = change.name === change.symbol ? '' : plainName(change.name);
    const texts = [name, ...outlookOf(change), `Why: ${oneLine(change.why, 300)}`].filter(Boolean);
    return {
      ...(count > 1 && { heading: headingOf(change) }),
      lines: [...texts.map((text) => ({ text })), { text: 'Details', href: hrefOf(pageUrl, change.path) }],
    };
  });
}

/** @example headingOf(change); // 'NVDA: HOLD → BUY' */
function headingOf({ symbol, change, from, to }: AlertChange): string {
  switch (change) {
    case 'label':
      return `${symbol}: ${from ?? 'no call'} → ${to ?? 'no call'}`;
    case 'stop':
    case 'target':
      return from === null ? `${symbol}: ${change} reached` : `${symbol}: ${from} reached its ${change}`;
    case 'withheld':
      return `${symbol}: ${from ?? 'call'} withheld`;
    case 'new':
      return `${symbol}: first call${to === null ? '' : `, ${to}`}`;
    case 'back':
      return `${symbol}: ${to ?? 'call'} is back`;
  }
}

/** Chance, track record and prices of a call; nothing of a call that is withheld. */
function outlookOf(change: AlertChange): string[] {
  const label = change.to ?? change.from;
  if (label === null || change.change === 'withheld') return [];
  return [chanceOf(label, change), recordOf(label, change), pricesOf(change)];
}

/** What a call expects of a stock. */
const EXPECTED: Record<Label, string> = {
  BUY: 'of clearly beating the average stock',
  HOLD: 'of staying near the average stock',
  SELL: 'of clearly lagging the average stock',
};

function chanceOf(label: Label, { chance, baseRate }: AlertChange): string {
  if (chance === null) return '';
  const any = baseRate === null ? '' : ` For any stock it is ${inHundred(baseRate)}.`;
  return `Chance: ${inHundred(chance)} ${EXPECTED[label]}.${any}`;
}

const inHundred = (fraction: number) => `${(fraction * 100).toFixed(0)} in 100`;

function recordOf(label: Label, { record }: AlertChange): string {
  if (label === 'HOLD') return 'Track record: HOLD calls are not scored.';
  if (record === null || record.calls === 0)
    return `Track record: no earlier ${label} call of this profile has a result yet.`;
  const { calls, hits } = record;
  const share = ((hits / calls) * 100).toFixed(0);
  return `Track record: ${hits} of ${calls} earlier ${label} calls of this profile ${label === 'BUY' ? 'beat' : 'lagged'} the average stock (${share}%).`;
}

function pricesOf({ close, stopLoss, takeProfit, currency }: AlertChange): string {
  if (close === null) return '';
  const unit = currency === null ? '' : ` ${oneLine(currency, 3)}`;
  const limits = [
    ...(stopLoss === null ? [] : [`stop ${price(stopLoss)}`]),
    ...(takeProfit === null ? [] : [`target ${price(takeProfit)}`]),
  ];
  return `${[`Close ${price(close)}${unit}`, ...limits].join(', ')}.`;
}

const price = (value: number) => value.toFixed(Math.abs(value) < 1 ? 4 : 2);

/** @example dayText('2026-11-30'); // '30 Nov 2026' */
function dayText(day: string): string {
  return new Date(day).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
}

/** An address on the page, in which no character is markup of any channel. */
function hrefOf(pageUrl: string, path: string): string {
  return new URL(`${pageUrl}${path}`).href.replaceAll(
    /[()<>|"'`[\]\\]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
