import assert from 'node:assert/strict';
import { apiUrl } from '../http.ts';
import { succeed } from '../shell.ts';
import { NotShown, type Step } from '../test-bed.ts';

/** Compares the deployed stacks with the settings that deployed them. */
export const compared: Step = {
  title: 'npm run preflight reads the account and the deployed stacks, and finds no problem',
  run: async (bed) => {
    if (!bed.isMinistack) return new NotShown('the quotas of LocalStack are below those of an account');
    const output = await succeed(bed, `npm run -s preflight -- --stage dev ${bed.cdk.context.join(' ')}`);
    for (const answer of [
      'ok      Changes: none that AWS would refuse, or that would lose data',
      'ok      CDK bootstrap: ',
      'ok      Lambda concurrency: ',
      'ok      Secrets: ',
    ])
      assert.ok(output.includes(answer), output);
    // The emulator has no service for the plan of an account.
    assert.match(output, /unknown Account plan: not checked: .*\n[\s\S]*no problems, and 1 check could not/);
    return 'every check but that of the plan';
  },
};

/** Runs five instruments and reads their calls. The emulated address of the page does not resolve. */
export const smokeTested: Step = {
  title: 'npm run smoke:aws runs five instruments, and reads their calls as a new user',
  needsEdge: true,
  run: async (bed) => {
    const output = await succeed(bed, `npm run -s smoke:aws -- --stage dev --url '${apiUrl(bed)}' --json`);
    const { calls } = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as { calls: object[] };
    assert.equal(calls.length, 5, output);
    const [users] = await bed.admin`
      SELECT count(*)::int AS left FROM users WHERE email LIKE 'smoke-%' AND NOT is_deleted`;
    assert.equal(users?.left, 0);
    return `${calls.length} calls, and no user left`;
  },
};
