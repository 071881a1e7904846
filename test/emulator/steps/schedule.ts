import assert from 'node:assert/strict';
import {
  GetScheduleCommand,
  ListSchedulesCommand,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { ended, executions, pause } from '../executions.ts';
import type { Stand, Step } from '../stand.ts';

/** How long the clock may take to do it: twice the shortest rate. */
const PATIENCE_MS = 150_000;

/** The daily schedule as deployed, with nothing but its time changed, starts a run by itself. */
export const scheduled: Step = {
  shows: 'the schedule starts the state machine with its input',
  run: async (stand) => {
    const schedule = await daily(stand);
    assert.equal(schedule.ScheduleExpression, 'cron(30 18 ? * MON-FRI *)');
    const before = await executions(stand);
    await stand.aws.scheduler.send(
      new UpdateScheduleCommand({ ...schedule, ScheduleExpression: 'rate(1 minute)' }),
    );
    try {
      const started = await newExecution(stand, before);
      const { status, input } = await ended(stand, started);
      assert.equal(status, 'SUCCEEDED');
      assert.equal(input, '{}');
    } finally {
      await stand.aws.scheduler.send(new UpdateScheduleCommand(schedule));
    }
    return schedule.ScheduleExpression ?? '';
  },
};

async function daily({ aws }: Stand): Promise<UpdateScheduleCommandInput> {
  const { Schedules: schedules = [] } = await aws.scheduler.send(new ListSchedulesCommand({}));
  const found = schedules.find(({ Name }) => Name?.includes('Daily'));
  assert.ok(found?.Name, 'no daily schedule');
  const { Arn, CreationDate, LastModificationDate, $metadata, ...schedule } = await aws.scheduler.send(
    new GetScheduleCommand({ Name: found.Name }),
  );
  return schedule as UpdateScheduleCommandInput;
}

async function newExecution(stand: Stand, before: string[]): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const started = (await executions(stand)).find((arn) => !before.includes(arn));
    if (started) return started;
    await pause(1000);
  }
  return assert.fail('the schedule started nothing');
}
