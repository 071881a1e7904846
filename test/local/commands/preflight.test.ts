import { expect, test } from 'vitest';
import { useLoopbackServer } from '../../support/loopback-server.ts';
import { lastLine, refused, runCommand } from './command-support.ts';

/** An AWS that refuses every call. */
const aws = useLoopbackServer();
aws.answer = (request, response) => {
  const speaksJson =
    request.headers['content-type']?.includes('json') || request.url?.startsWith('/2016-08-19/');
  response.writeHead(403, {
    'content-type': speaksJson ? 'application/json' : 'text/xml',
    'x-amzn-errortype': 'AccessDeniedException',
  });
  const code = speaksJson ? 'AccessDeniedException' : 'AccessDenied';
  response.end(
    speaksJson
      ? JSON.stringify({ __type: code, message: 'no' })
      : `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
  );
};

/** The environment of an operator, without the profiles of this machine. */
const env = (more: Record<string, string> = {}) => ({
  AWS_PROFILE: '',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'eu-west-1',
  AWS_ENDPOINT_URL: aws.origin,
  ...more,
});

test.each([
  [[], 'name the stage: --stage dev, staging or prod'],
  [['--stage', 'live'], 'setting "stage" is "live": use one of dev, staging, prod'],
  [['--stage', 'dev', '-c', 'size'], '--context "size" is not KEY=VALUE'],
  [['--stage', 'dev', '-c', 'stage=prod'], '-c stage=prod does not go with --stage dev'],
  [['--stage', 'dev', '-c', 'size=huge'], 'setting "size" is "huge": use one of small, scale'],
  [
    ['--stage', 'dev', '-c', 'region=us-east-1'],
    'setting "region" is "us-east-1", but the credentials use eu-west-1: set AWS_REGION=us-east-1, or change the setting',
  ],
])('rejects the options %j with one line', async (args, message) => {
  expect(await runCommand('preflight.ts', args, { env: env() })).toEqual(refused(message));
});

test('says that no region is set', async () => {
  const { code, error } = await runCommand('preflight.ts', ['--stage', 'dev'], {
    env: env({ AWS_REGION: '', AWS_DEFAULT_REGION: '' }),
  });
  expect({ code, error }).toEqual({
    code: 1,
    error: 'boursomatic: no region is set: set AWS_REGION, or choose a profile with AWS_PROFILE\n',
  });
});

test('checks the stage before the region', async () => {
  const region = { AWS_REGION: '', AWS_DEFAULT_REGION: '' };
  expect(await runCommand('preflight.ts', ['--stage', 'nope'], { env: env(region) })).toEqual(
    refused('setting "stage" is "nope": use one of dev, staging, prod'),
  );
});

test('says which settings differ from the file, and reports checks that lack a permission', async () => {
  const args = ['--stage', 'dev', '-c', 'budget=off', '--json'];
  const { code, out, error } = await runCommand('preflight.ts', args, { env: env() });
  expect({ code, error }).toEqual({
    code: 0,
    error: 'This command overrides stages/dev.json: budget=off (the file does not set it)\n',
  });
  expect(out).toMatch(/^unknown Account: not checked: /);
  expect(out).toMatch(/\nThere are no problems, and \d+ checks could not run\.\n/);
  const { findings } = lastLine(out);
  expect(findings.length).toBeGreaterThan(7);
  for (const { answer } of findings)
    expect(answer).toMatch(/^not checked: the credentials lack the permission \w+:\w+$/);
});
