import { describe, expect, test } from 'vitest';
import { COLUMN_FEATURE_NAMES } from '../../../functions/features/definitions.ts';
import { featureMigration } from '../../../functions/features/feature-migration.ts';
import { MODEL_INPUT_NAMES } from '../../../functions/features/model-inputs.ts';
import { createModelInputsView } from '../../../functions/features/model-inputs-view.ts';

const OLD_VIEW = 'CREATE VIEW model_inputs AS\nSELECT 2;';
const MIGRATIONS = [
  'CREATE VIEW model_inputs AS\nSELECT 1;\n',
  'CREATE TABLE t ();',
  `-- why\n${OLD_VIEW}\nGRANT x;\n`,
];

/** The lines of a schema with these columns and inputs. */
const schemaOf = (columns: readonly string[], inputs: readonly string[]) => [
  'column features.additional_features jsonb not null',
  'column features.instrument_id uuid not null',
  ...columns.map((name) => `column features.${name} real`),
  'column model_inputs.close_price double precision',
  ...inputs.map((name) => `column model_inputs.${name} real`),
  'view model_inputs 0123',
];

describe('featureMigration', () => {
  test('replaces the view and restores the newest stored one when undone', () => {
    const inputs = MODEL_INPUT_NAMES.filter((name) => !name.startsWith('season_12'));
    const migration = featureMigration(schemaOf(COLUMN_FEATURE_NAMES, inputs), MIGRATIONS);
    expect(migration.do).toMatch(/^DROP VIEW model_inputs;\nCREATE VIEW model_inputs AS\n/);
    expect(migration.do).toContain(`${createModelInputsView()}\nGRANT SELECT ON model_inputs TO `);
    expect(migration.do).toContain('INSERT INTO feature_backlog');
    expect(migration.undo).toContain(
      `DROP VIEW model_inputs;\n${OLD_VIEW}\nGRANT SELECT ON model_inputs TO `,
    );
    expect(migration.undo).toContain('INSERT INTO feature_backlog');
  });

  test('adds and drops columns, and does the opposite when undone', () => {
    const columns = [...COLUMN_FEATURE_NAMES.filter((name) => name !== 'ret_5d'), 'ret_7d'];
    const migration = featureMigration(schemaOf(columns, MODEL_INPUT_NAMES), MIGRATIONS);
    expect(migration.do).toContain(
      'ALTER TABLE features\n  ADD COLUMN ret_5d real,\n  DROP COLUMN ret_7d;\nCREATE VIEW',
    );
    expect(migration.undo).toContain(
      'ALTER TABLE features\n  ADD COLUMN ret_7d real,\n  DROP COLUMN ret_5d;\nCREATE VIEW',
    );
  });

  test('only marks features for recomputation where columns and inputs stay', () => {
    const migration = featureMigration(schemaOf(COLUMN_FEATURE_NAMES, MODEL_INPUT_NAMES), MIGRATIONS);
    expect(migration.do).toMatch(/^INSERT INTO feature_backlog[^;]*;\n$/);
    expect(migration.undo).toBe(migration.do);
  });

  test('rejects migrations that never create the view', () => {
    expect(() => featureMigration([], ['CREATE TABLE t ();'])).toThrow(
      'no migration creates the view model_inputs',
    );
  });
});
