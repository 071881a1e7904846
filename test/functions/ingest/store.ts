import { pathToFileURL } from 'node:url';
import { beforeAll, beforeEach } from 'vitest';
import type { Sql } from '../../../functions/shared/database.ts';
import { type ObjectStore, openObjects } from '../../../functions/shared/objects.ts';
import { type TestDatabase, useTestDatabase } from '../../support/database.ts';
import { clear, seedInstruments, seedPartitions } from './support.ts';

/** What the steps of a run work on, in a file's tests. */
export interface Store {
  readonly db: TestDatabase;
  /** The pipeline's client. */
  readonly sql: Sql;
  /** Objects of the test that runs, and of no other. */
  readonly objects: ObjectStore;
  /** The id of one of the instruments that are there when a test begins. */
  id(symbol: string): string;
}

/** What is in a {@link Store} when a test begins. */
export interface StoreOptions {
  instruments?: string[];
  /** The first and the last day that have partitions for their bars. */
  partitions?: [from: string, to: string];
}

/** A database for a file's tests, in which each finds what the options say and nothing else. */
export function useStore({ instruments = [], partitions }: StoreOptions = {}): Store {
  const db = useTestDatabase();
  let sql: Sql;
  let objects: ObjectStore;
  let ids: Map<string, string>;
  beforeAll(async () => {
    sql = db.client('pipeline');
    if (partitions) await seedPartitions(db.sql, ...partitions);
  });
  let folders = 0;
  beforeEach(async () => {
    await clear(db.sql);
    folders++;
    objects = openObjects(pathToFileURL(`${db.objects}/${folders}/`).href);
    ids = await seedInstruments(db.sql, instruments);
  });
  return {
    db,
    get sql() {
      return sql;
    },
    get objects() {
      return objects;
    },
    id: (symbol) => ids.get(symbol) ?? '',
  };
}
