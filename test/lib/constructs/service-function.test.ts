import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENV } from '../../../functions/shared/constants.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { ServiceFunction, type ServiceFunctionProps } from '../../../lib/constructs/service-function.ts';
import { newApp, resource } from '../app.ts';

const ENTRY = join(import.meta.dirname, 'fails.lambda.ts');
const REQUIRED = { entry: ENTRY, timeout: Duration.seconds(7), memorySize: 300 };

/** The template of a stack with one function. */
function templateOf(
  props: Partial<ServiceFunctionProps> = {},
  use: (made: ServiceFunction) => void = () => {},
) {
  const stack = new Stack(newApp(), 'stack');
  use(new ServiceFunction(stack, 'Function', { ...REQUIRED, ...props }));
  return Template.fromStack(stack);
}

const propertiesOf = (template: Template) =>
  resource(template, 'AWS::Lambda::Function', 'Function').Properties;

describe('ServiceFunction', () => {
  test('combines the common properties with those of the caller', () => {
    expect(propertiesOf(templateOf())).toMatchObject({
      Architectures: ['arm64'],
      Runtime: 'nodejs24.x',
      TracingConfig: { Mode: 'Active' },
      Handler: 'index.handler',
      Timeout: 7,
      MemorySize: 300,
      Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } },
    });
    templateOf().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  });

  test('lets the caller override every default', () => {
    const stack = new Stack(newApp(), 'stack');
    new ServiceFunction(stack, 'Function', {
      ...REQUIRED,
      architecture: Architecture.X86_64,
      runtime: Runtime.NODEJS_22_X,
      tracing: Tracing.DISABLED,
      logGroup: new LogGroup(stack, 'Mine'),
      environment: {
        NODE_OPTIONS: '',
        NODE_EXTRA_CA_CERTS: '/mine.pem',
        [ENV.pipelineDatabaseSecret]: 'mine',
      },
    }).useDatabaseLogin(ENV.pipelineDatabaseSecret, new Secret(stack, 'Login') as ISecret);
    const template = Template.fromStack(stack);
    expect(propertiesOf(template)).toMatchObject({
      Architectures: ['x86_64'],
      Runtime: 'nodejs22.x',
      LoggingConfig: { LogGroup: { Ref: expect.stringMatching(/^Mine/) } },
      Environment: {
        Variables: { NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: '/mine.pem', PIPELINE_DATABASE_SECRET: 'mine' },
      },
    });
    expect(propertiesOf(template)).not.toHaveProperty('TracingConfig');
    template.resourceCountIs('AWS::Logs::LogGroup', 1);
  });

  test('grants read access to a login and puts its ARN into the environment', () => {
    const template = templateOf({}, (made) =>
      made.useDatabaseLogin(ENV.apiDatabaseSecret, new Secret(made.stack, 'Login') as ISecret),
    );
    const login = { Ref: expect.stringMatching(/^Login/) };
    expect(propertiesOf(template)).toMatchObject({
      Environment: { Variables: { API_DATABASE_SECRET: login } },
    });
    expect(statementsOf(template)).toContainEqual({
      Effect: 'Allow',
      Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
      Resource: login,
    });
  });

  test('grants read access to models and puts their bucket into the environment', () => {
    const template = templateOf({}, (made) =>
      made.useModelObjects(new Bucket(made.stack, 'Models') as IBucket, 'read'),
    );
    expect(propertiesOf(template)).toMatchObject({
      Environment: {
        Variables: {
          MODEL_OBJECTS_URL: { 'Fn::Join': ['', ['s3://', { Ref: expect.stringMatching(/^Models/) }]] },
        },
      },
    });
    expect(statementsOf(template).flatMap(({ Action }) => Action)).toEqual(
      expect.arrayContaining(['s3:GetObject', 's3:ListBucket']),
    );
  });

  test.each([
    ['read', ['s3:GetObject', 's3:ListBucket']],
    ['write', ['s3:PutObject']],
  ] as const)('grants only %s access to raw objects', (access, actions) => {
    const template = templateOf({}, (made) =>
      made.useRawObjects(new Bucket(made.stack, 'Raw') as IBucket, access),
    );
    const granted = statementsOf(template).flatMap(({ Action }) => Action);
    expect(granted.filter((action) => action.startsWith('s3:')).sort()).toEqual(actions);
  });
});

describe('the bundle of a function that runs a model', () => {
  let app: App;
  let asset: string;

  beforeAll(() => {
    app = newApp({});
    const stack = new Stack(app, 'stack');
    new ServiceFunction(stack, 'Function', { ...REQUIRED, onnxruntime: true });
    const { directory } = app.synth();
    const bundles = readdirSync(directory).filter((name) => name.startsWith('asset.'));
    asset = join(directory, defined(bundles[0], 'bundled asset'));
  });
  afterAll(() => rmSync(app.outdir, { recursive: true }));

  test('has less than 60 MB', () => {
    const bytes = filesOf(asset).reduce((sum, path) => sum + statSync(path).size, 0);
    expect(bytes / 1e6).toBeLessThan(60);
  });

  test('includes the native library of linux/arm64 only', () => {
    const native = filesOf(asset).filter((path) => /\.(node|so(\.\d+)*|dylib|dll)$/.test(path));
    expect(native.map((path) => path.replace(/^.*\/napi-v\d+\//, '')).sort()).toEqual([
      'linux/arm64/libonnxruntime.so.1',
      'linux/arm64/onnxruntime_binding.node',
    ]);
  });

  test('includes the files that the library requires, and no install script', () => {
    const names = filesOf(join(asset, 'node_modules')).map((path) => path.slice(asset.length + 1));
    expect(names).toContain('node_modules/onnxruntime-node/package.json');
    expect(names).toContain('node_modules/onnxruntime-node/dist/index.js');
    expect(names).toContain('node_modules/onnxruntime-common/dist/cjs/index.js');
    expect(names.filter((name) => name.includes('/script/'))).toEqual([]);
  });

  test('includes the SDK and keeps error names, which the state machine matches', async () => {
    const bundle = await import(pathToFileURL(join(asset, 'index.mjs')).href);
    await expect(bundle.handler()).rejects.toMatchObject({
      name: 'DatabaseUnreachableError',
      message: 'no database, but S3Client',
    });
  });
});

interface Statement {
  Action: string | string[];
}

function statementsOf(template: Template): Statement[] {
  const { Properties } = resource(template, 'AWS::IAM::Policy', 'Function');
  return (Properties.PolicyDocument as { Statement: Statement[] }).Statement;
}

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
