import type { RunMode } from '../../functions/shared/constants.ts';
import type { PipelineInput } from '../../functions/shared/contracts.ts';
import type { Source } from '../installation/source.ts';

/** The options that choose what a run does. */
export interface RunOptions {
  mode?: RunMode | undefined;
  /** The earlier run whose raw records are loaded again. */
  replay?: string | undefined;
  symbols?: string[] | undefined;
}

/** The input of the run that the options choose. */
export function runInput({ replay, mode, symbols }: RunOptions, { asOf }: Source): PipelineInput {
  const chosen = replay ? { replay } : { mode, ...(asOf && { to: asOf }) };
  return { ...chosen, ...(symbols && { symbols }) };
}
