/** A complete answer, before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

/** An answer of Yahoo's APIs. */
export function jsonAnswer(body: string, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json;charset=utf-8' }, body };
}

/** An answer in plain text. */
export function textAnswer(body: string, status = 200): Answer {
  return { status, headers: { 'content-type': 'text/plain;charset=utf-8' }, body };
}

/** An answer that is a page. */
export function pageAnswer(body: string, status = 200): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

/** The error page of Yahoo's edge servers. */
export const YAHOO_ERROR_PAGE = `<!DOCTYPE html>
<html lang="en-us"><head><meta http-equiv="content-type" content="text/html; charset=UTF-8">
<meta charset="utf-8"><title>Yahoo</title></head>
<body><table><tbody><tr><td><h1 style="margin-top:20px;">Will be right back...</h1>
<p id="message-1">Thank you for your patience.</p>
<p id="message-2">Our engineers are working quickly to resolve the issue.</p></td></tr></tbody></table></body></html>
`;
