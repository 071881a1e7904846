import { BadInputError } from '../shared/errors.ts';
import { COLUMN_FEATURE_NAMES } from './definitions.ts';
import { MODEL_INPUT_NAMES } from './model-inputs.ts';
import { createModelInputsView } from './model-inputs-view.ts';

const GRANT = 'GRANT SELECT ON model_inputs TO boursomatic_pipeline, boursomatic_training;';

/** Marks every instrument from its first bar, so that the next run recomputes its features. */
const RECOMPUTE = `INSERT INTO feature_backlog AS f (instrument_id, dirty_from)
SELECT instrument_id, min(ts) FROM price_bars WHERE interval = 'daily' GROUP BY instrument_id
ON CONFLICT (instrument_id) DO UPDATE SET dirty_from = least(f.dirty_from, excluded.dirty_from);`;

/** Columns of the table `features` that are not features, and columns of the view that are not inputs. */
const OTHER_COLUMNS = ['id', 'instrument_id', 'ts', 'additional_features', 'created_at', 'close_price'];

/** A pair of SQL files. */
export interface Migration {
  do: string;
  undo: string;
}

/**
 * The migration from the stored schema to the definitions: columns of `features`, the view `model_inputs`, and a mark
 * that recomputes the history. Where only a computation changed, it is the mark alone.
 *
 * @param schema - lines of sql/schema.txt, which describe the schema before the migration
 * @param migrations - texts of the `.do.` files, oldest first
 * @throws BadInputError if no migration creates the view
 */
export function featureMigration(schema: readonly string[], migrations: readonly string[]): Migration {
  const stored = columnsOf(schema, 'features');
  const added = COLUMN_FEATURE_NAMES.filter((name) => !stored.includes(name));
  const dropped = stored.filter((name) => !(COLUMN_FEATURE_NAMES as string[]).includes(name));
  const inputs = [...MODEL_INPUT_NAMES].sort().join();
  const isSameView = columnsOf(schema, 'model_inputs').sort().join() === inputs;
  if (added.length + dropped.length === 0 && isSameView)
    return { do: `${RECOMPUTE}\n`, undo: `${RECOMPUTE}\n` };
  return {
    do: replaceView(alterColumns(added, dropped), createModelInputsView()),
    undo: replaceView(alterColumns(dropped, added), storedView(migrations)),
  };
}

function columnsOf(schema: readonly string[], relation: string): string[] {
  const start = `column ${relation}.`;
  const columns = schema.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
  return columns.map((column) => column.replace(/ .*/, '')).filter((name) => !OTHER_COLUMNS.includes(name));
}

function alterColumns(added: readonly string[], dropped: readonly string[]): string[] {
  const actions = [
    ...added.map((name) => `ADD COLUMN ${name} real`),
    ...dropped.map((name) => `DROP COLUMN ${name}`),
  ];
  return actions.length > 0 ? [`ALTER TABLE features\n  ${actions.join(',\n  ')};`] : [];
}

function replaceView(alterations: string[], view: string): string {
  return `${['DROP VIEW model_inputs;', ...alterations, view, GRANT, '', RECOMPUTE].join('\n')}\n`;
}

/** The statement with which the newest migration created the view. */
function storedView(migrations: readonly string[]): string {
  const statements = migrations.flatMap((text) => text.match(/^CREATE VIEW model_inputs AS$[^;]*;/gm) ?? []);
  const newest = statements.at(-1);
  if (newest === undefined) throw new BadInputError('no migration creates the view model_inputs');
  return newest;
}
