import type { Block, Line, Message } from './message.ts';

/** How a channel writes a message. */
interface Markup {
  text(text: string): string;
  title(text: string): string;
  heading(text: string): string;
  link(text: string, href: string): string;
}

/** How much a channel takes. */
export interface Limit {
  /** Most units of a message; unlimited where it is absent. */
  most?: number;
  /** Counts a text's units: UTF-16 code units unless it is given. */
  size?: (text: string) => number;
  /** Whether the message begins with its title; false for channels that show the title apart. */
  title?: boolean;
}

const PLAIN: Markup = {
  text: (text) => text,
  title: (text) => text,
  heading: (text) => text,
  link: (text, href) => `${text}: ${href}`,
};

/** Markdown of Discord: a backslash before punctuation shows the character itself. */
const MARKDOWN: Markup = {
  text: escapeMarkdown,
  title: (text) => `**${escapeMarkdown(text)}**`,
  heading: (text) => `**${escapeMarkdown(text)}**`,
  link: (text, href) => `[${escapeMarkdown(text)}](<${href}>)`,
};

/** Slack's mrkdwn has three reserved characters. Mentions and links need one of them. */
const MRKDWN: Markup = {
  text: escapeMrkdwn,
  title: (text) => `*${escapeMrkdwn(text)}*`,
  heading: (text) => `*${escapeMrkdwn(text)}*`,
  link: (text, href) => `<${escapeMrkdwn(href)}|${escapeMrkdwn(text)}>`,
};

const HTML: Markup = {
  text: escapeHtml,
  title: escapeHtml,
  heading: (text) => `<strong>${escapeHtml(text)}</strong>`,
  link: (text, href) => `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`,
};

/** Writes a message as plain text. */
export function renderPlain(message: Message, limit: Limit = {}): string {
  return render(message, PLAIN, limit);
}

/** Writes a message in Discord's Markdown. */
export function renderMarkdown(message: Message, limit: Limit): string {
  return render(message, MARKDOWN, limit);
}

/** Writes a message in Slack's mrkdwn. */
export function renderMrkdwn(message: Message, limit: Limit): string {
  return render(message, MRKDWN, limit);
}

/** Writes a message as an HTML document without images, scripts and styles from elsewhere. */
export function renderHtml(message: Message): string {
  const paragraph = (lines: string[]) => `<p>${lines.join('<br>\n')}</p>`;
  const { title, blocks, foot } = message;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${escapeHtml(title)}</title></head>`,
    '<body style="font-family: system-ui, sans-serif; line-height: 1.5; max-width: 40em">',
    `<h1 style="font-size: 1.25em">${escapeHtml(title)}</h1>`,
    ...blocks.map((block) => paragraph(linesOf(block, HTML))),
    ...(message.omitted > 0 ? [paragraph([moreLine(message, message.omitted, HTML)])] : []),
    '<hr>',
    paragraph(foot.map((line) => lineOf(line, HTML))),
    '</body></html>',
  ].join('\n');
}

function render(message: Message, markup: Markup, limit: Limit): string {
  const { most = Number.POSITIVE_INFINITY, size = (text) => text.length, title = true } = limit;
  const head = title ? [markup.title(message.title)] : [];
  const foot = message.foot.map((line) => lineOf(line, markup)).join('\n');
  const blocks = message.blocks.map((block) => linesOf(block, markup).join('\n'));
  const assemble = (shown: number) => {
    const left = message.omitted + blocks.length - shown;
    const more = left > 0 ? [moreLine(message, left, markup)] : [];
    return [...head, ...blocks.slice(0, shown), ...more, foot].join('\n\n');
  };
  let shown = blocks.length;
  while (shown > 0 && size(assemble(shown)) > most) shown--;
  return assemble(shown);
}

function linesOf({ heading, lines }: Block, markup: Markup): string[] {
  return [
    ...(heading === undefined ? [] : [markup.heading(heading)]),
    ...lines.map((line) => lineOf(line, markup)),
  ];
}

function lineOf({ text, href }: Line, markup: Markup): string {
  return href === undefined ? markup.text(text) : markup.link(text, href);
}

function moreLine({ allChanges }: Message, left: number, markup: Markup): string {
  return markup.link(`and ${left} more`, allChanges);
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\*_~`|<>#[\]()@:-]/g, '\\$&');
}

function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function escapeHtml(text: string): string {
  return escapeMrkdwn(text).replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
