import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const workflow = readFileSync(join(import.meta.dirname, '../.github/workflows/deploy.yml'), 'utf8');

describe('the deployment from GitHub', () => {
  const [head = '', compare = '', deploy = ''] = workflow.split(/^ {2}(?:compare|deploy):$/m);

  test('stores no key: both jobs exchange a token for a role', () => {
    expect(workflow).not.toMatch(/secrets\.|access-key|AKIA/i);
    expect(head).not.toContain('id-token');
    for (const job of [compare, deploy]) {
      expect(job).toContain('id-token: write');
      expect(job).toMatch(/role-to-assume: \$\{\{ vars\.AWS_ROLE_ARN \}\}/);
    }
  });

  test('waits for the reviewers of the environment, and compares without them', () => {
    expect(compare).toMatch(/environment: \$\{\{ inputs\.stage \}\}-read\n/);
    expect(deploy).toContain('needs: compare');
    expect(deploy).toMatch(/environment: \$\{\{ inputs\.stage \}\}\n/);
  });

  test('compares, deploys with the settings of the stage only, and reads calls back', () => {
    const commands = [...deploy.matchAll(/run: (.*)/g)].map(([, command]) => command);
    expect(commands).toEqual([
      'npm ci',
      'npm run preflight -- --stage "$STAGE"',
      'npx cdk deploy --all -c stage="$STAGE" --require-approval never --ci',
      'npm run smoke:aws -- --stage "$STAGE"',
    ]);
    expect(compare).toContain('npx cdk diff --all -c stage="$STAGE" --method=template');
  });

  test('can build the image of the trainer, which is for arm64, before it has credentials', () => {
    const [emulation, credentials] = ['docker/setup-qemu-action', 'configure-aws-credentials'];
    expect(deploy).toMatch(/docker\/setup-qemu-action@v\d+\n\s+with:\n\s+platforms: arm64\n/);
    expect(deploy.indexOf(emulation)).toBeLessThan(deploy.indexOf(credentials));
  });
});
