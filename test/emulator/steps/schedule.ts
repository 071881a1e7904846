import assert from 'node:assert/strict';
import {
  GetScheduleCommand,
  ListSchedulesCommand,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import { listExecutions, pause, waitForEnd } from '../executions.ts';
import { NotShown, type Step, type TestBed } from '../test-bed.ts';

/** More than twice the shortest rate of a schedule. */
const TIMEOUT_MS = 150_000;

/** The deployed daily schedule starts a run; the test changes only its rate. */
export const scheduled: Step = {
  title: 'the schedule starts the state machine with its input',
  run: async (bed) => {
    if (!bed.isMinistack) return new NotShown('LocalStack stores schedules, and starts nothing');
    const schedule = await daily(bed);
    assert.equal(schedule.ScheduleExpression, 'cron(30 18 ? * MON-FRI *)');
    const before = await listExecutions(bed);
    await bed.aws.scheduler.send(
      new UpdateScheduleCommand({ ...schedule, ScheduleExpression: 'rate(1 minute)' }),
    );
    try {
      const started = await newExecution(bed, before);
      const { status, input } = await waitForEnd(bed, started);
      assert.equal(status, 'SUCCEEDED');
      assert.equal(input, '{}');
    } finally {
      await bed.aws.scheduler.send(new UpdateScheduleCommand(schedule));
    }
    return String(schedule.ScheduleExpression);
  },
};

async function daily({ aws }: TestBed): Promise<UpdateScheduleCommandInput> {
  const { Schedules: schedules = [] } = await aws.scheduler.send(new ListSchedulesCommand({}));
  const found = schedules.find(({ Name }) => Name?.includes('Daily'));
  assert.ok(found?.Name, 'there is no daily schedule');
  const { Arn, CreationDate, LastModificationDate, $metadata, ...schedule } = await aws.scheduler.send(
    new GetScheduleCommand({ Name: found.Name }),
  );
  return schedule as UpdateScheduleCommandInput;
}

async function newExecution(bed: TestBed, before: string[]): Promise<string> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (Date.now() < deadline) {
    const started = (await listExecutions(bed)).find((arn) => !before.includes(arn));
    if (started) return started;
    await pause(1000);
  }
  return assert.fail(`the schedule started no execution within ${TIMEOUT_MS / 1000} s`);
}
