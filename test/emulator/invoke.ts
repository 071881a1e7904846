import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';
import type { TestBed } from './test-bed.ts';

/**
 * Invokes a function like the *Test* tab of the console.
 *
 * @param name - the function's id in its stack, such as `OperateFunction`
 * @returns the result of the function
 * @throws BoursomaticError with the function's error
 */
export async function invoke({ aws }: TestBed, name: string, event: object): Promise<unknown> {
  const { Functions: functions = [] } = await aws.lambda.send(new ListFunctionsCommand({ MaxItems: 50 }));
  const found = functions.find(({ FunctionName }) => FunctionName?.includes(`-${name}`));
  if (!found) throw new BoursomaticError('emulator', `there is no function ${name}`);
  const answer = await aws.lambda.send(
    new InvokeCommand({ FunctionName: found.FunctionName, Payload: JSON.stringify(event) }),
  );
  const text = defined(answer.Payload, `result of ${name}`).transformToString();
  if (answer.FunctionError) throw new BoursomaticError('emulator', `${name}: ${text}`);
  return JSON.parse(text);
}
