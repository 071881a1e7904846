import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from 'constructs';
import { readStage } from './settings.ts';
import { SettingsError } from './settings-context.ts';
import { KNOWN_KEYS, StageFile } from './settings-schema.ts';

const STAGES_FOLDER = join(import.meta.dirname, '../stages');

/** A setting that this command takes from the context instead of the stage's file. */
export interface Override {
  readonly key: string;
  readonly used: unknown;
  /** Undefined if the file leaves the setting at its default. */
  readonly inFile: unknown;
}

/**
 * Completes the CDK context with the settings in the file of the stage, so that a command without `-c key=value` uses
 * exactly the settings in git.
 *
 * @param node - the app's node, before it has stacks
 * @returns the settings of the context that differ from the file
 * @throws SettingsError if the file is missing or malformed
 */
export function useStageFile(node: Node, folder = STAGES_FOLDER): Override[] {
  const stage = readStage(node);
  const settings = readStageFile(join(folder, `${stage}.json`), `stages/${stage}.json`);
  const overrides = KNOWN_KEYS.flatMap((key) => {
    const used: unknown = node.tryGetContext(key);
    const inFile = settings[key];
    const differs = key !== 'stage' && used !== undefined && String(used) !== String(inFile);
    return differs ? [{ key, used, inFile }] : [];
  });
  for (const [key, value] of Object.entries(settings)) {
    if (node.tryGetContext(key) === undefined) node.setContext(key, value);
  }
  return overrides;
}

/** One line for a person: the settings that the file does not have. */
export function describeOverrides(stage: string, overrides: readonly Override[]): string {
  const parts = overrides.map(
    ({ key, used, inFile }) =>
      `${key}=${String(used)} (the file ${inFile === undefined ? 'does not set it' : `has ${String(inFile)}`})`,
  );
  return `This command overrides stages/${stage}.json: ${parts.join(', ')}`;
}

function readStageFile(path: string, name: string): Record<string, unknown> {
  const value = parseJson(readFile(path, name), name);
  const { error, data } = StageFile.safeParse(value);
  if (!error) return data;
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw new SettingsError(
      `${name} has the unknown setting "${issue.keys[0]}": use one of ${Object.keys(StageFile.shape).join(', ')}`,
    );
  }
  const key = String(issue?.path[0] ?? '');
  if (key === '') throw new SettingsError(`${name} must be one JSON object with settings`);
  const given = JSON.stringify((value as Record<string, unknown>)[key]);
  throw new SettingsError(`${name}: setting "${key}" is ${given}: ${issue?.message}`);
}

function readFile(path: string, name: string): string {
  try {
    // Some editors begin a file with a byte order mark, which is not JSON.
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    throw new SettingsError(`${name} cannot be read: create it, with {} for the defaults`);
  }
}

function parseJson(content: string, name: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new SettingsError(`${name} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}
