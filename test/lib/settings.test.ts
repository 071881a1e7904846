import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../lib/settings.ts';

const read = (context: Record<string, unknown>) => readSettings(new App({ context }).node);

describe('readSettings', () => {
  it('takes the small development installation where nothing is said', () => {
    expect(read({})).toEqual({ stage: 'dev', size: 'small', retraining: 'off', provider: 'yahoo' });
  });

  it('takes what the context says', () => {
    const stooqKeySecret = 'boursomatic/stooq';
    const given = { stage: 'prod', size: 'scale', retraining: 'on', provider: 'yahoo,stooq', stooqKeySecret };
    expect(read(given)).toEqual(given);
  });

  it.each([
    [
      'an unknown stage',
      { stage: 'production' },
      'context "stage" is "production": use one of dev, staging, prod',
    ],
    ['an unknown size', { size: 'Large' }, 'context "size" is "Large": use one of small, scale'],
    [
      'an unknown retraining',
      { retraining: 'weekly' },
      'context "retraining" is "weekly": use one of off, on',
    ],
    ['retraining as a truth value', { retraining: true }, 'context "retraining" is true: use one of off, on'],
    ['an empty stage', { stage: '' }, 'context "stage" is "": use one of dev, staging, prod'],
    [
      'an unknown provider',
      { provider: 'sample' },
      'context "provider" is "sample": use one of yahoo, yahoo,stooq, stooq,yahoo, stooq',
    ],
    [
      'Stooq without its key',
      { provider: 'yahoo,stooq' },
      'context "stooqKeySecret" is missing: give the name of the secret',
    ],
    [
      'a key in place of the name of its secret',
      { provider: 'stooq', stooqKeySecret: '{"apikey": "x"}' },
      'context "stooqKeySecret" is',
    ],
    ['a size that is no text', { size: 2 }, 'context "size" is 2: use one of small, scale'],
  ])('refuses %s', (_, context, message) => {
    expect(() => read(context)).toThrow(message);
  });
});

describe('bin/boursomatic.ts', () => {
  it('answers an unknown value with one line and exit code 2', () => {
    const run = () =>
      execFileSync(process.execPath, [fileURLToPath(new URL('../../bin/boursomatic.ts', import.meta.url))], {
        env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ size: 'huge' }) },
        stdio: 'pipe',
        encoding: 'utf8',
      });
    expect(run).toThrow(
      expect.objectContaining({ status: 2, stderr: 'context "size" is "huge": use one of small, scale\n' }),
    );
  });
});
