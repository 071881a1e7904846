import { StateMachine } from 'aws-local-stepfunctions';
import {
  PromotionResult,
  RegistrationResult,
  RetrainingPlan,
  RetrainingRequest,
} from '../../../functions/shared/contracts.ts';
import { resource, synthesise } from '../app.ts';
import { type Definition, execute, type Handler, type Json } from './state-machine.ts';

/** The parts of a state that the tests read. */
export interface AslState {
  Type: string;
  Comment?: string;
  TimeoutSeconds?: number;
  Parameters?: unknown;
  Retry?: object[];
  Catch?: { ErrorEquals: string[]; Next: string }[];
}

const { Properties } = resource(synthesise().training, 'AWS::StepFunctions::StateMachine', 'Retraining');
const { 'Fn::Join': join } = Properties.DefinitionString as { 'Fn::Join': [string, unknown[]] };
const text = join[1].map((part) => {
  if (typeof part === 'string') return part;
  return JSON.stringify(part).includes('AWS::Partition')
    ? 'aws'
    : 'arn:aws:lambda:us-east-1:000000000000:function:x';
});
export const definition = JSON.parse(text.join('')) as Definition & { States: Record<string, AslState> };
const machine = new StateMachine(definition);
/** Every state by name. */
export const states = Object.entries(definition.States);

const plan = { version: 'v0.1.1', path: 'v0.1.1/run-1', incumbent: 'v0.1.0' };
/** The default result of Promote. */
export const promoted = { version: 'v0.1.1', promoted: true, reason: 'passed the gate and is active' };

/** Runs the definition with a stub for each task. */
export async function run(input: Json, replaced: Record<string, Handler> = {}) {
  const calls: [string, unknown][] = [];
  const answers: Record<string, Handler> = {
    'Choose version': () => RetrainingPlan.parse(plan),
    Train: () => ({ LastStatus: 'STOPPED' }),
    Register: () => RegistrationResult.parse({ version: 'v0.1.1', added: true }),
    Promote: () => PromotionResult.parse(promoted),
    ...replaced,
  };
  const stubs = Object.entries(answers).map(([state, answer]): [string, Handler] => [
    state,
    (given) => {
      calls.push([state, state === 'Train' ? given : RetrainingRequest.parse(given)]);
      return answer(given);
    },
  ]);
  const outcome = await execute(machine, input, stubs);
  return { ...outcome, calls, visited: calls.map(([state]) => state) };
}
