import type { Sql } from '../../functions/shared/database.ts';

/** The clock of a database: `now()` is the instant that it was set to last. */
export interface MovingClock {
  set(instant: string): Promise<void>;
}

/**
 * Replaces `now()` in a test database. Column defaults, triggers and functions are bound to that function, so they all
 * follow. A table holds the instant, because it has to reach sessions that are open already, and other processes.
 *
 * @param superuser - a client of this database, and of no other
 */
export async function moveClock(superuser: Sql): Promise<MovingClock> {
  await superuser.unsafe(`
    CREATE SCHEMA moving_clock;
    CREATE TABLE moving_clock.instant (at timestamptz NOT NULL);
    INSERT INTO moving_clock.instant VALUES (transaction_timestamp());
    CREATE FUNCTION moving_clock.read() RETURNS timestamptz LANGUAGE plpgsql STABLE SECURITY DEFINER
      SET search_path = pg_catalog AS 'BEGIN RETURN (SELECT at FROM moving_clock.instant); END';
    GRANT USAGE ON SCHEMA moving_clock TO PUBLIC;
    SET allow_system_table_mods = on;
    -- In SQL, so that the planner puts the call in the place of now(): the server calls a built-in function by its number.
    CREATE OR REPLACE FUNCTION pg_catalog.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT moving_clock.read()';
    RESET allow_system_table_mods`);
  return {
    set: async (instant) => {
      await superuser`UPDATE moving_clock.instant SET at = ${instant}`;
    },
  };
}
