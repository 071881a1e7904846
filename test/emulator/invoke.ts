import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import type { Stand } from './stand.ts';

/**
 * Invokes a function as the console's test tab does.
 *
 * @param name - the function's id in its stack, such as `OperateFunction`
 * @returns what it answered
 * @throws BoursomaticError with the function's own error
 */
export async function invoke({ aws }: Stand, name: string, event: object): Promise<unknown> {
  const { Functions: functions = [] } = await aws.lambda.send(new ListFunctionsCommand({ MaxItems: 50 }));
  const found = functions.find(({ FunctionName }) => FunctionName?.includes(`-${name}`));
  if (!found) throw new BoursomaticError('emulator', `no function ${name}`);
  const answer = await aws.lambda.send(
    new InvokeCommand({ FunctionName: found.FunctionName, Payload: JSON.stringify(event) }),
  );
  const text = answer.Payload?.transformToString() ?? '';
  if (answer.FunctionError) throw new BoursomaticError('emulator', `${name}: ${text}`);
  return JSON.parse(text);
}
