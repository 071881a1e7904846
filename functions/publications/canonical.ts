import { createHash, hash } from 'node:crypto';
import serialise from 'canonicalize';
import { eachCopiedRow, type RowReader } from '../shared/copied-rows.ts';
import type { Transaction } from '../shared/database.ts';
import { defined } from '../shared/invariant.ts';

/** A publication without its calls. Instants are UTC to the microsecond, and hashes are SHA-256 in hexadecimal. */
export interface Publication {
  id: number;
  /** The as-of of its run, `YYYY-MM-DD`. */
  asOf: string;
  runId: string;
  publishedAt: string;
  /** The hash of the manifest.json of the model's release; null if unknown. */
  releaseSha256: string | null;
  /** The hash of the publication before; null for the first. */
  previous: string | null;
}

/** A published call as a publication contains it. A number that JSON cannot hold is null. */
export interface PublishedCall {
  id: string;
  symbol: string;
  exchange: string;
  instrumentId: string;
  profile: string;
  label: string;
  confidence: number | null;
  /** In percent. */
  expectedReturnPct: number | null;
  horizonDays: number | null;
  stopLoss: number | null;
  takeProfit: number | null;
  close: number | null;
  atr: number | null;
  /** The currency of the four prices; null if unknown. */
  currency: string | null;
  asOf: string;
  generatedAt: string;
  kind: string;
  modelVersion: string;
  runId: string;
  /** The hash of the canonical JSON of `{explanation, featuresSnapshot, justification}`. */
  reasonsSha256: string;
}

/** A call's canonical JSON (RFC 8785), its hash, and the hash that was stored when it was published; null without one. */
export interface CanonicalCall {
  call: PublishedCall;
  sha256: string;
  storedSha256: string | null;
}

/** The canonical JSON of a value (RFC 8785). */
export function canonicalize(value: unknown): string {
  return defined(serialise(value), 'the JSON of a value');
}

/** The expression that selects an instant to the microsecond, as {@link Publication} has it. */
export function exactInstant(column: string): string {
  return exactly(column, `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);
}

/** The expression that selects a day, as {@link Publication} has it. */
export function exactDay(column: string): string {
  return exactly(column, `to_char(${column}, 'YYYY-MM-DD')`);
}

/**
 * A changed row can hold a date that is infinite, for which `to_char` has no text, or before Christ, whose year it writes
 * as that of our time. Such a date has another text.
 */
function exactly(column: string, text: string): string {
  return `CASE WHEN ${column} BETWEEN '0001-01-01' AND '9999-12-31' THEN ${text} ELSE ${column}::text END`;
}

/**
 * Writes a publication's canonical JSON (RFC 8785) in parts, from the rows of its calls. It holds one call at a time.
 *
 * Calls are sorted by symbol and profile, each by its UTF-8 bytes.
 *
 * @param write - receives each part of the text
 * @param visit - receives each call
 */
export async function writeCanonical(
  tx: Transaction,
  { id, asOf, runId, publishedAt, releaseSha256, previous }: Publication,
  write: (part: string) => void,
  visit: (call: CanonicalCall) => void = () => {},
): Promise<void> {
  const text = canonicalize({ id, asOf, runId, publishedAt, releaseSha256, previous, calls: [] });
  const [head = '', tail = ''] = text.split(EMPTY_CALLS);
  let separator = '';
  const reasons = new Reasons();
  write(`${head}"calls":[`);
  await eachCopiedRow(tx, callsQuery(id), (row) => {
    const call = readCall(row, reasons);
    const part = canonicalize(call);
    visit({ call, sha256: hash('sha256', part), storedSha256: row.nullableText() });
    write(`${separator}${part}`);
    separator = ',';
  });
  write(`]${tail}`);
}

/** A publication's canonical JSON as bytes, and their hash. */
export async function readCanonical(
  tx: Transaction,
  publication: Publication,
): Promise<{ bytes: Buffer; sha256: string }> {
  const parts: Buffer[] = [];
  const digest = createHash('sha256');
  await writeCanonical(tx, publication, (text) => {
    const part = Buffer.from(text);
    digest.update(part);
    parts.push(part);
  });
  return { bytes: Buffer.concat(parts), sha256: digest.digest('hex') };
}

/** No string of a canonical JSON contains it, because a quotation mark within a string follows a backslash. */
const EMPTY_CALLS = '"calls":[]';

/** The calls in their order, with the columns in the order of {@link readCall}. */
function callsQuery(publicationId: number): string {
  // The inner query sorts, so that the sort does not carry the long texts.
  return `
    SELECT id, symbol, exchange, instrument_id, profile, label, confidence, expected_return_pct, horizon_days::float8,
      stop_loss, take_profit, close, atr, currency, ${exactInstant('as_of')}, ${exactInstant('generated_at')}, kind,
      version, run_id, justification, features_snapshot::text, explanation::text, sha256
    FROM (
      SELECT r.*, coalesce(c.symbol, i.symbol) AS symbol, coalesce(c.exchange, i.exchange) AS exchange, m.version, c.sha256
      FROM recommendations r
      JOIN instruments i ON i.id = r.instrument_id
      JOIN model_versions m ON m.id = r.model_version_id
      LEFT JOIN publication_calls c ON c.recommendation_id = r.id
      WHERE r.publication_id = ${publicationId}
      ORDER BY coalesce(c.symbol, i.symbol) COLLATE "C", r.profile COLLATE "C", r.id
    ) AS ordered`;
}

/** Reads the columns of {@link callsQuery} up to the stored hash. */
function readCall(row: RowReader, reasons: Reasons): PublishedCall {
  return {
    id: row.uuid(),
    symbol: row.text(),
    exchange: row.text(),
    instrumentId: row.uuid(),
    profile: row.text(),
    label: row.text(),
    confidence: finite(row.double()),
    expectedReturnPct: finite(row.double()),
    horizonDays: finite(row.double()),
    stopLoss: finite(row.double()),
    takeProfit: finite(row.double()),
    close: finite(row.double()),
    atr: finite(row.double()),
    currency: row.nullableText(),
    asOf: row.text(),
    generatedAt: row.text(),
    kind: row.text(),
    modelVersion: row.text(),
    runId: row.text(),
    reasonsSha256: reasons.sha256(row.text(), row.text(), row.text()),
  };
}

/** Publish writes only finite numbers, so another one is a changed row, which its hash then shows. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Hashes the reasons of calls. The calls of an instrument follow each other and share all but the justification. */
class Reasons {
  readonly #explanation = new LastCanonical();
  readonly #snapshot = new LastCanonical();

  sha256(justification: string, snapshot: string, explanation: string): string {
    return hash(
      'sha256',
      `{"explanation":${this.#explanation.of(explanation)},"featuresSnapshot":${this.#snapshot.of(snapshot)},"justification":${canonicalize(justification)}}`,
    );
  }
}

/** Keeps the canonical form of the last JSON text. */
class LastCanonical {
  #text = '';
  #canonical = '';

  of(text: string): string {
    if (text !== this.#text) [this.#text, this.#canonical] = [text, canonicalOf(text)];
    return this.#canonical;
  }
}

/** A text with a number beyond the range of doubles has no canonical form. A changed row can hold one. */
function canonicalOf(text: string): string {
  try {
    return canonicalize(JSON.parse(text));
  } catch {
    return text;
  }
}
