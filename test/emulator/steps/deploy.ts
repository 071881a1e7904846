import assert from 'node:assert/strict';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { invoke } from '../invoke.ts';
import type { Step } from '../test-bed.ts';

/** After a deployment, the database is migrated, its roles can log in, and a release is active. */
export const deployed: Step = {
  title: 'cdk bootstrap and cdk deploy create the stacks, and the triggers migrate and install the model',
  run: async (bed) => {
    await bed.cdk.bootstrap();
    const { outputs } = await bed.cdk.deploy();
    bed.outputs = outputs;
    const status = (await invoke(bed, 'MigrateFunction', { do: 'status' })) as { pending: string[] };
    assert.deepEqual(status.pending, []);
    const [row] = await bed.admin`
      SELECT (SELECT count(*)::int FROM schema_migrations WHERE version > 0) AS migrations,
        (SELECT version FROM model_versions WHERE is_active) AS model`;
    assert.ok(row?.migrations > 5 && row?.model);
    return `${Object.keys(outputs).length} stacks with outputs, ${row?.migrations} migrations, model ${row?.model}`;
  },
};

/** A second deployment changes nothing. */
export const unchanged: Step = {
  title: 'a second deployment changes nothing',
  run: async ({ cdk, admin, outputs }) => {
    const ran = await admin`SELECT count(*)::int AS n FROM model_promotions`;
    const { log } = await cdk.deploy();
    const same = log.match(/\(no changes\)/g)?.length ?? 0;
    assert.equal(same, Object.keys(outputs).length, log);
    assert.deepEqual(await admin`SELECT count(*)::int AS n FROM model_promotions`, ran);
    return `${same} stacks without changes`;
  },
};

/** Only resources with data stay. */
export const destroyed: Step = {
  title: 'cdk destroy removes the stacks and keeps the data',
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
