/** Stooq's CSV of some rows, each `YYYY-MM-DD,open,high,low,close,volume`. */
export function stooqCsv(...rows: string[]): string {
  return ['Date,Open,High,Low,Close,Volume', ...rows].map((row) => `${row}\r\n`).join('');
}

/** Stooq's proof of work: a page that a browser answers to its own address, with the key that was sent. */
export const proofOfWork = (path: string) =>
  `<html><noscript>This site requires JavaScript.</noscript><script>fetch("/__verify?to=${path}")</script></html>`;

/** What Stooq says, with HTTP 200, to a key that it does not know. */
export const KEY_INSTRUCTIONS =
  'Get your apikey:\r\n\r\n1. Open https://stooq.com/q/d/?s=aapl.us&get_apikey\r\n2. Enter the captcha code.\r\n';
