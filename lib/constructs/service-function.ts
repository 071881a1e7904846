import { resolve } from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, type NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ENV } from '../../functions/shared/constants.ts';
import { readArchitecture, reservesConcurrency } from '../settings.ts';
import { bundlingDefaults } from './bundling.ts';

const PROJECT_ROOT = resolve(import.meta.dirname, '../..');

export interface ServiceFunctionProps extends NodejsFunctionProps {
  /** The file that exports `handler`, from the folder `functions`. */
  readonly entry: string;
  readonly timeout: Duration;
  readonly memorySize: number;
  /** Whether the function runs a model: copies the native library beside the bundle. */
  readonly onnxruntime?: boolean;
  /** Files and folders of the project that are put beside the bundle, under the names that they have there. */
  readonly files?: readonly string[];
}

/** The variables that name the secret of a database role. */
export type DatabaseSecretVariable =
  | typeof ENV.pipelineDatabaseSecret
  | typeof ENV.apiDatabaseSecret
  | typeof ENV.trainingDatabaseSecret
  | typeof ENV.migratorDatabaseSecret
  | typeof ENV.adminDatabaseSecret;

/** What a function does with a bucket. */
export type BucketAccess = 'read' | 'write';

/** At least one of them: a bucket of which nothing is granted is of no use. */
type BucketAccesses = readonly [BucketAccess, ...BucketAccess[]];

const BUCKET_ACTIONS: Record<BucketAccess, string> = { read: 's3:GetObject', write: 's3:PutObject' };

/**
 * The one construct that makes every function: arm64, Node 24, traced, logs that expire, one minified ES
 * module that carries its own SDK. Whatever the caller gives wins over these defaults.
 *
 * @example
 * new ServiceFunction(this, 'Load', {
 *   entry: 'ingest/load.lambda.ts',
 *   timeout: Duration.minutes(5),
 *   memorySize: 512,
 *   ...network.placement,
 * }).useDatabaseLogin(ENV.pipelineDatabaseSecret, data.secrets.pipeline);
 */
export class ServiceFunction extends NodejsFunction {
  readonly #given: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, given: ServiceFunctionProps) {
    const { onnxruntime = false, files = [], reservedConcurrentExecutions, ...props } = given;
    const architecture = readArchitecture(scope.node);
    super(scope, id, {
      projectRoot: PROJECT_ROOT,
      depsLockFilePath: resolve(PROJECT_ROOT, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      ...(reservedConcurrentExecutions !== undefined &&
        reservesConcurrency(scope.node) && { reservedConcurrentExecutions }),
      tracing: Tracing.ACTIVE,
      logGroup: props.logGroup ?? expiringLogGroup(scope, `${id}Logs`),
      ...props,
      entry: resolve(PROJECT_ROOT, 'functions', props.entry),
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.environment },
      bundling: { ...bundlingDefaults({ onnxruntime, architecture, files }), ...props.bundling },
    });
    this.#given = props.environment ?? {};
  }

  /**
   * Lets the function log in to the database as one role: grants the read of that role's secret alone, and
   * names it in the environment.
   */
  useDatabaseLogin(name: DatabaseSecretVariable, secret: ISecret): this {
    this.useSecret(name, secret);
    // A Lambda does one thing at a time: what connects is then what runs (connections.ts).
    this.#name(ENV.databaseConnections, '1');
    return this.trustDatabase();
  }

  /** Lets the function verify the database's certificate. */
  trustDatabase(): this {
    // Lambda's Node does not trust Amazon's own authorities, which sign the database's certificate, unasked.
    this.#name('NODE_EXTRA_CA_CERTS', '/var/runtime/ca-cert.pem');
    return this;
  }

  /** Sends the function's connections through a proxy, where there is one. */
  useProxy(host: string | undefined): this {
    if (host !== undefined) this.#name(ENV.databaseProxyHost, host);
    return this;
  }

  /** Lets the function read one secret, and names it in the environment. */
  useSecret(name: string, secret: ISecret): this {
    secret.grantRead(this);
    this.#name(name, secret.secretArn);
    return this;
  }

  /**
   * Lets the function read the keys that sign access tokens, and names them in the environment.
   *
   * @param issuer - whom tokens name as their issuer: the API's own URL
   */
  useSigningKeys(secret: ISecret, issuer: string): this {
    this.useSecret(ENV.signingKeysSecret, secret);
    this.#name(ENV.tokenIssuer, issuer);
    return this;
  }

  /** Lets the function read the keys that sign access tokens and write new ones, and names their secret. */
  renewSigningKeys(secret: ISecret): this {
    // The CDK's own grant to write would also let it change the secret's description and encryption.
    this.addToRolePolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
        resources: [secret.secretArn],
      }),
    );
    this.#name(ENV.signingKeysSecret, secret.secretArn);
    return this;
  }

  /** Lets the function start runs of the pipeline, and names the state machine in the environment. */
  startRunsOf(stateMachine: IStateMachine): this {
    stateMachine.grantStartExecution(this);
    this.#name(ENV.stateMachineArn, stateMachine.stateMachineArn);
    return this;
  }

  /** Lets the function ask for runs, or reply to who asks, and names the bucket of both in the environment. */
  useRunRequests(bucket: IBucket): this {
    return this.#useBucket(ENV.runRequestsUrl, bucket, ['write', 'read']);
  }

  /** Lets the function use the raw records and scores, and names their bucket in the environment. */
  useRawObjects(bucket: IBucket, ...access: BucketAccesses): this {
    return this.#useBucket(ENV.rawObjectsUrl, bucket, access);
  }

  /** Lets the function use model releases, and names their bucket in the environment. */
  useModelObjects(bucket: IBucket, ...access: BucketAccesses): this {
    return this.#useBucket(ENV.modelObjectsUrl, bucket, access);
  }

  #useBucket(name: string, bucket: IBucket, access: BucketAccesses): this {
    for (const one of access) {
      // The grants of the CDK end in wildcards (s3:GetObject*, s3:List*); these are the calls that are made.
      this.addToRolePolicy(
        new PolicyStatement({ actions: [BUCKET_ACTIONS[one]], resources: [bucket.arnForObjects('*')] }),
      );
    }
    if (access.includes('read')) {
      // Without it S3 answers 403 for an object that is not there, and the reader could not tell.
      this.addToRolePolicy(
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
      );
    }
    this.#name(name, `s3://${bucket.bucketName}`);
    return this;
  }

  /** Sets a variable that the caller did not set itself. */
  #name(variable: string, value: string): void {
    if (!(variable in this.#given)) this.addEnvironment(variable, value);
  }
}

function expiringLogGroup(scope: Construct, id: string): LogGroup {
  return new LogGroup(scope, id, {
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
