import { pathToFileURL } from 'node:url';
import { beforeAll, beforeEach } from 'vitest';
import type { Sql } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import type { ObjectStore } from '../../../functions/shared/object-store.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { type TestDatabase, useTestDatabase } from '../../support/database.ts';
import { clear, seedInstruments, seedPartitions } from './support.ts';

/** The database and objects that the steps of a run use in the tests of a file. */
export interface Store {
  readonly db: TestDatabase;
  /** The pipeline's client. */
  readonly sql: Sql;
  /** The object store of the current test. */
  readonly objects: ObjectStore;
  /** The id of an instrument that exists when a test begins. */
  id(symbol: string): string;
}

/** The content of a {@link Store} when a test begins. */
export interface StoreOptions {
  instruments?: string[];
  /** The first and last day with partitions for bars. */
  partitions?: [from: string, to: string];
}

/** Sets up a database for the tests of a file. Each test begins with the content of the options. */
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
    id: (symbol) => defined(ids.get(symbol), `instrument ${symbol}`),
  };
}
