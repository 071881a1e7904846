import { expect, test } from 'vitest';
import { loadModel } from '../../../functions/infer/load-model.ts';
import { replayCalls } from '../../../functions/infer/replay-calls.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { releasesOf, useSimulatedRun } from './replay-support.ts';

const run = useSimulatedRun(500);

test('replay agrees for every call of a run of 500 instruments', async () => {
  const models = openObjects(releasesOf(run.db));
  expect(await replayCalls(run.api, (version) => loadModel(version, models), {})).toEqual({
    calls: 1500,
    equal: 1500,
    recorded: 0,
    different: 0,
    notReplayable: {},
  });
});
