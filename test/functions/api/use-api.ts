import { afterAll, beforeAll, vi } from 'vitest';
import { closeDatabases } from '../../../functions/shared/database.ts';
import { type TestDatabase, useTestDatabase } from '../../support/database.ts';
import { stubApiEnvironment } from './api-client.ts';

/** Provides a database for a file's tests, and sets the environment in which the API's functions find it. */
export function useApi(more: (db: TestDatabase) => Record<string, string> = () => ({})): TestDatabase {
  const db = useTestDatabase();
  beforeAll(() => stubApiEnvironment(db, more(db)));
  afterAll(async () => {
    vi.unstubAllEnvs();
    await closeDatabases();
  });
  return db;
}
