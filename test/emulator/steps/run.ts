import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { GetObjectCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { copyKey } from '../../../functions/publications/copies.ts';
import { runToSuccess } from '../executions.ts';
import { invoke } from '../invoke.ts';
import { waitForFailure } from '../ledger.ts';
import type { Step } from '../test-bed.ts';

/** Adds instruments as in docs/operations.md; the first run fetches their whole history. */
export const firstRun: Step = {
  title: 'an operator adds instruments and starts a run, which publishes recommendations',
  run: async (bed) => {
    const symbols = bed.market.market.symbols();
    const answer = await invoke(bed, 'OperateFunction', {
      do: 'add-instruments',
      instruments: symbols.map((symbol) => ({ symbol })),
    });
    assert.deepEqual(answer, { addedOrChanged: symbols.length });
    await runToSuccess(bed, {}, 'first-run');
    const [run] = await bed.admin`
      SELECT status, instruments, bars, features, recommendations FROM pipeline_runs WHERE id = 'first-run'`;
    assert.equal(run?.status, 'succeeded');
    assert.equal(run?.instruments, symbols.length);
    assert.ok(run?.bars > 0 && run?.features > 0 && run?.recommendations > 0, JSON.stringify(run));
    return `${run?.bars} bars, ${run?.features} features, ${run?.recommendations} recommendations`;
  },
};

/** Publish copies what it published to the bucket with the lock. */
export const publicationCopied: Step = {
  title: 'the bucket of copies has the bytes of each publication',
  run: async ({ admin, aws: { s3 } }) => {
    const { Buckets: buckets = [] } = await s3.send(new ListBucketsCommand());
    const bucket = buckets.find(({ Name = '' }) => /-publicationobjects/.test(Name))?.Name;
    const publications = await admin<{ id: number; sha256: string }[]>`SELECT id, sha256 FROM publications`;
    assert.ok(publications.length > 0, 'publications');
    for (const { id, sha256 } of publications) {
      const copy = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: copyKey(id) }));
      assert.equal(hash('sha256', (await copy.Body?.transformToByteArray()) ?? ''), sha256, `copy ${id}`);
    }
    return `${publications.length} publications`;
  },
};

/** A wrong input fails at once, with a cause that names the mistake, also in the ledger. */
export const refusedInput: Step = {
  title: 'a wrong input fails the execution with a cause that names the mistake',
  run: async (bed) => {
    const wrong: [object, RegExp][] = [
      [{ symbol: 'US001' }, /Unrecognized key|unrecognized/i],
      [{ symbols: [] }, /symbols: is empty/],
      [{ from: '2026-03-02', to: '2026-03-01' }, /from is later than to/],
      [{ to: '2999-01-01' }, /to: 2999-01-01 is in the future/],
    ];
    for (const [index, [input, message]] of wrong.entries()) {
      await assert.rejects(runToSuccess(bed, input, `wrong-${index}`), message);
      // No state has opened these runs, so only the events of their executions can add them to the ledger.
      assert.match(await waitForFailure(bed, `wrong-${index}`), message);
    }
    return `${wrong.length} inputs`;
  },
};
