/** A way in which the record differs from what was published. */
export type DifferenceKind =
  | 'changed call'
  | 'added call'
  | 'missing call'
  | 'changed publication'
  | 'missing publication'
  | 'broken link'
  | 'missing copy'
  | 'different copy';

/** A difference of the record, and where it is. */
export interface Difference {
  kind: DifferenceKind;
  /** The number of the publication; null for a call that belongs to none. */
  publication: number | null;
  /** The call, if it is known. */
  call?: { id: string; symbol: string; profile: string };
  /** The members whose values differ from the copy. */
  members?: string[];
  /** How many calls are missing, where no copy names them. */
  missing?: number;
}

/** The end of a description, if only a copy can show which row differs. */
const FIND_WITH_COPY = 'compare with a copy (--copies) to find the row';

/** Describes a difference in one line. */
export function describeDifference({ kind, publication, call, members, missing }: Difference): string {
  const where = publication === null ? 'outside of the publications' : `publication ${publication}`;
  const named = call && `the call ${call.symbol}, ${call.profile} (id ${call.id})`;
  const differing = members?.length ? `: ${members.join(', ')}` : '';
  switch (kind) {
    case 'changed call':
      return `${where}: ${named} has changed since its publication${differing}`;
    case 'added call':
      return `${where}: ${named} was added afterwards`;
    case 'missing call':
      return named
        ? `${where}: ${named} is missing`
        : `${where}: ${missing} of its calls ${missing === 1 ? 'is' : 'are'} missing; ${FIND_WITH_COPY}`;
    case 'changed publication':
      return members
        ? `${where}: its row has changed since its publication${differing}`
        : `${where}: its hash does not belong to its content; ${FIND_WITH_COPY}`;
    case 'missing publication':
      return `${where} is missing`;
    case 'broken link':
      return `${where}: its previous hash is not that of the publication before`;
    case 'missing copy':
      return `${where}: its copy is missing`;
    case 'different copy':
      return `${where}: the copy differs from the database${named ? ` in ${named}` : ''}${differing}`;
  }
}
