import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, expect, test } from 'vitest';
import { stateMachine } from '../../../../functions/api/admin/state-machine.ts';
import { PipelineInput } from '../../../../functions/shared/contracts.ts';
import { useMockClient } from '../../../support/mock-client.ts';

const ARN = 'arn:aws:states:eu-west-1:123456789012:stateMachine:pipeline';

const states = useMockClient(SFNClient);
afterEach(() => states.reset());

test("starts an execution with the run's id and its input as JSON", async () => {
  states.on(StartExecutionCommand).resolves({});
  await stateMachine(ARN).start('api-1', PipelineInput.parse({ symbols: ['AAPL'] }));
  const [call] = states.commandCalls(StartExecutionCommand);
  expect(call?.args[0].input).toMatchObject({ stateMachineArn: ARN, name: 'api-1' });
  expect(JSON.parse(call?.args[0].input.input ?? '')).toMatchObject({ symbols: ['AAPL'] });
});

test('rejects with the error of AWS', async () => {
  states.on(StartExecutionCommand).rejects(new Error('StateMachineDoesNotExist'));
  await expect(stateMachine(ARN).start('api-1', PipelineInput.parse({}))).rejects.toThrow(
    'StateMachineDoesNotExist',
  );
});
