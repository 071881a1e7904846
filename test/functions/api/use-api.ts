import { afterAll, beforeAll, vi } from 'vitest';
import { closeDatabases } from '../../../functions/shared/database.ts';
import { type TestDatabase, useTestDatabase } from '../../support/database.ts';
import { stubApiEnvironment } from './api-client.ts';

/** A database for a file's tests that the API's functions find by their environment. */
export function useApi(more: (db: TestDatabase) => Record<string, string> = () => ({})): TestDatabase {
  const db = useTestDatabase();
  beforeAll(() => stubApiEnvironment(db, more(db)));
  afterAll(async () => {
    vi.unstubAllEnvs();
    await closeDatabases();
  });
  return db;
}
