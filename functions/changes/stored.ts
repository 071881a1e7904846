import * as z from 'zod';
import type { ChangeKind } from '../shared/change-kinds.ts';
import { LABELS, type Label, type Profile } from '../shared/constants.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { type CallReasons, type ChangeFacts, whyOf } from './why.ts';

/** A row of `call_changes` with what its sentence needs. */
export interface ChangeRow {
  /** A bigint as text. */
  id: string;
  profile: Profile;
  kind: ChangeKind;
  from_label: Label | null;
  to_label: Label | null;
  recommendation_id: string;
  as_of: Date;
  occurred_at: Date;
  detail: ChangeFacts['detail'];
  symbol: string;
  exchange: string;
  name: string | null;
  sector: string | null;
  /** Of the call, otherwise the instrument's now. */
  currency: string | null;
  call: StoredReasons;
  previous: StoredReasons | null;
}

/** The reasons of a call as the database returns them. */
type StoredReasons = Omit<CallReasons, 'probabilities' | 'place' | 'contributions'> & {
  explanation: unknown;
};

/** The columns of {@link ChangeRow}, of {@link joinChanges}. */
export function changeColumns(sql: Sql | Transaction) {
  return sql`c.id, c.profile, c.kind, c.from_label, c.to_label, c.recommendation_id, c.as_of, c.occurred_at, c.detail,
    i.symbol, i.exchange, i.name, i.sector, coalesce(r.currency, i.currency) AS currency,
    ${reasons(sql, 'r', 'm')} AS call, CASE WHEN p.id IS NOT NULL THEN ${reasons(sql, 'p', 'pm')} END AS previous`;
}

/** `JOIN` what {@link changeColumns} selects to a change `c`: its instrument, its call and the call before. */
export function joinChanges(sql: Sql | Transaction) {
  return sql`JOIN instruments i ON i.id = c.instrument_id
    JOIN recommendations r ON r.id = c.recommendation_id
    JOIN model_versions m ON m.id = r.model_version_id
    LEFT JOIN recommendations p ON p.id = c.previous_id
    LEFT JOIN model_versions pm ON pm.id = p.model_version_id`;
}

function reasons(sql: Sql | Transaction, call: string, model: string) {
  const [r, m] = [sql.unsafe(call), sql.unsafe(model)];
  return sql`jsonb_build_object('asOf', to_char(${r}.as_of AT TIME ZONE 'UTC', 'YYYY-MM-DD'), 'modelVersion', ${m}.version,
    'features', ${r}.features_snapshot, 'explanation', ${r}.explanation)`;
}

/** The explanation that Publish stores. Calls of early versions have none. */
const Explanation = z.object({
  probabilities: z.record(z.enum(LABELS), z.number()),
  place: z.number().optional(),
  contributions: z.record(z.string(), z.number()),
});

/** The sentence of a row. */
export function whyOfRow(row: ChangeRow): string {
  return whyOf({
    kind: row.kind,
    from: row.from_label,
    to: row.to_label,
    asOf: row.as_of.toISOString().slice(0, 10),
    currency: row.currency,
    detail: row.detail,
    call: toReasons(row.call),
    previous: row.previous && toReasons(row.previous),
  });
}

function toReasons({ explanation, ...stored }: StoredReasons): CallReasons {
  const { data } = Explanation.safeParse(explanation);
  return {
    ...stored,
    probabilities: data?.probabilities ?? null,
    place: data?.place ?? null,
    contributions: data?.contributions ?? {},
  };
}
