import assert from 'node:assert/strict';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { invoke } from '../invoke.ts';
import type { Step } from '../stand.ts';

/** A deployment leaves a database that is migrated, with roles that log in, and a release that is active. */
export const deployed: Step = {
  shows:
    'cdk bootstrap and cdk deploy put the stacks in place, and the triggers migrate and install the model',
  run: async (stand) => {
    await stand.cdk.bootstrap();
    const { outputs } = await stand.cdk.deploy();
    stand.outputs = outputs;
    const status = (await invoke(stand, 'MigrateFunction', { do: 'status' })) as { pending: string[] };
    assert.deepEqual(status.pending, []);
    const [row] = await stand.admin`
      SELECT (SELECT count(*)::int FROM schema_migrations WHERE version > 0) AS migrations,
        (SELECT version FROM model_versions WHERE is_active) AS model`;
    assert.ok(row?.migrations > 5 && row?.model);
    return `${Object.keys(outputs).length} stacks with outputs, ${row?.migrations} migrations, model ${row?.model}`;
  },
};

/** A second deployment finds nothing to do. */
export const unchanged: Step = {
  shows: 'a second deployment changes nothing',
  run: async ({ cdk, admin, outputs }) => {
    const ran = await admin`SELECT count(*)::int AS n FROM model_promotions`;
    const { said } = await cdk.deploy();
    const same = said.match(/\(no changes\)/g)?.length ?? 0;
    assert.equal(same, Object.keys(outputs).length, said);
    assert.deepEqual(await admin`SELECT count(*)::int AS n FROM model_promotions`, ran);
    return `${same} stacks without changes`;
  },
};

/** Nothing stays but what is told to: buckets, which hold data. */
export const destroyed: Step = {
  shows: 'cdk destroy takes the stacks away, and leaves the data where it is',
  run: async ({ cdk, admin, aws, output }) => {
    await cdk.destroy();
    const stateMachineArn = output('StateMachineArn');
    await assert.rejects(
      aws.states.send(new DescribeStateMachineCommand({ stateMachineArn })),
      /StateMachineDoesNotExist|not exist/i,
    );
    const [row] = await admin`SELECT count(*)::int AS runs FROM pipeline_runs`;
    assert.ok(row?.runs > 0);
    return `${row?.runs} runs still in the database`;
  },
};
