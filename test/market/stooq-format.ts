import type { Cell, Row } from './sheet.ts';

/** Stooq's answer without bars, with HTTP 200. */
export const NO_DATA = 'No data';

/** Stooq's answer once a day's requests are used up, with HTTP 200. */
export const QUOTA_EXCEEDED = 'Exceeded the daily hits limit';

/** The first line of its CSV. */
const STOOQ_HEADER = 'Date,Open,High,Low,Close,Volume';

/** Stooq's answer to a missing or unknown key, with HTTP 200. */
export function keyInstructions(symbol: string): string {
  return [
    'Get your apikey:',
    '',
    `1. Open https://stooq.com/q/d/?s=${symbol}&get_apikey`,
    '2. Enter the captcha code.',
    '3. Copy the CSV download link at the bottom of the page - it will contain the <apikey> variable.',
    '4. Append the <apikey> variable with its value to your requests.',
    '',
  ].join('\r\n');
}

/** The page, with HTTP 200, whose script must solve a puzzle before Stooq sends data. */
export const PROOF_OF_WORK_PAGE = `<!DOCTYPE html>
<html><head><meta charset="utf-8"><title></title>
<noscript>This site requires JavaScript to verify your browser.</noscript></head>
<body><script>
(async()=>{const c="5f2e9b7c41d08a63",d=4,e=new TextEncoder();let n=0;
for(;;){const h=await crypto.subtle.digest("SHA-256",e.encode(c+n));
if([...new Uint8Array(h)].map(b=>b.toString(16).padStart(2,"0")).join("").startsWith("0".repeat(d)))break;n++}
await fetch("/__verify",{method:"POST",body:"c="+c+"&n="+n});location.reload()})();
</script></body></html>
`;

/**
 * Writes daily rows as Stooq's CSV: prices adjusted for splits and dividends with six significant digits, volumes
 * adjusted inversely, every line ending in CRLF.
 *
 * @param extra - the name of an additional, empty column
 */
export function stooqCsv(
  rows: readonly Row[],
  { extra, columns = 6 }: { extra?: string; columns?: number } = {},
) {
  const header = STOOQ_HEADER.split(',').slice(0, columns);
  const lines = rows.map((row) => {
    const factor =
      typeof row.adj === 'number' && typeof row.c === 'number' && row.c !== 0 ? row.adj / row.c : 1;
    const prices = [row.o, row.h, row.l, row.c].map((price) => text(price, factor));
    return [row.day, ...prices, text(row.v, 1 / factor, 4)].slice(0, columns);
  });
  return [header, ...lines]
    .map((line) => `${[...line, ...(extra ? [line === header ? extra : ''] : [])].join(',')}\r\n`)
    .join('');
}

function text(cell: Cell, factor: number, digits?: number): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  const value = cell * factor;
  return String(digits === undefined ? Number(value.toPrecision(6)) : Number(value.toFixed(digits)));
}
