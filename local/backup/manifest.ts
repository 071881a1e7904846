import * as z from 'zod';

/** The format of backup files that this program writes and reads. */
export const FORMAT = 1;

const Name = z.string().regex(/^[a-z_][a-z0-9_]*$/);
const Count = z.int().min(0);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The rows of a table as `COPY … TO STDOUT` writes them. */
const TableContent = z.strictObject({
  name: Name,
  columns: z.array(Name).min(1),
  rows: Count,
  bytes: Count,
  sha256: Sha256,
});
export type TableContent = z.output<typeof TableContent>;

/** A partition as the catalogue describes it. Restore builds a statement from it, so nothing else may stand here. */
const Partition = z.strictObject({
  name: Name,
  parent: Name,
  bounds: z.string().regex(/^FOR VALUES (?:FROM \('[0-9 :+-]+'\) TO \('[0-9 :+-]+'\)|IN \('[a-z0-9]+'\))$/),
  /** How the partition is divided again; null for one that holds rows. */
  key: z
    .string()
    .regex(/^(?:RANGE|LIST) \("?[a-z_]+"?\)$/)
    .nullable(),
});
export type Partition = z.output<typeof Partition>;

/** What a backup contains. It is the archive's last entry: an archive without it is incomplete. */
export const Manifest = z.strictObject({
  format: z.literal(FORMAT),
  /** Version of the program that wrote the backup. */
  program: z.string(),
  createdAt: z.iso.datetime(),
  /** Name of the database. */
  database: z.string(),
  /** The newest migration of the database. */
  schema: z.strictObject({ version: z.int().min(1), name: z.string() }),
  /** In the order of the archive. */
  tables: z.array(TableContent),
  /** Parents before their partitions. */
  partitions: z.array(Partition),
  /** Sequences that were used, with their last values, which may exceed the exact integers of JavaScript. */
  sequences: z.array(z.strictObject({ name: Name, last: z.string().regex(/^-?\d+$/) })),
  /** Number, bytes and common hash of the files, each with its path and size, in the order of the archive. */
  files: z.strictObject({ count: Count, bytes: Count, sha256: Sha256 }),
});
export type Manifest = z.output<typeof Manifest>;
