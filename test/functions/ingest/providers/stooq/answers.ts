/** Stooq's CSV of some rows, each `YYYY-MM-DD,open,high,low,close,volume`. */
export function stooqCsv(...rows: string[]): string {
  return ['Date,Open,High,Low,Close,Volume', ...rows].map((row) => `${row}\r\n`).join('');
}

/** Stooq's proof of work: a page whose script reloads the URL, which contains the key. */
export const proofOfWork = (path: string) =>
  `<html><noscript>This site requires JavaScript.</noscript><script>fetch("/__verify?to=${path}")</script></html>`;

/** Stooq's answer to an unknown key, with HTTP 200. */
export const KEY_INSTRUCTIONS =
  'Get your apikey:\r\n\r\n1. Open https://stooq.com/q/d/?s=aapl.us&get_apikey\r\n2. Enter the captcha code.\r\n';
