import { resolve } from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { NodejsFunction, type NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
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
  /** Includes the native library that runs models. */
  readonly onnxruntime?: boolean;
  /** Leaves out the clients of providers, for a function that reads their descriptors but opens none. */
  readonly withoutProviderClients?: boolean;
  /** Files and folders to include, as paths from the project's root; they keep these paths. */
  readonly files?: readonly string[];
}

/** Environment variables that hold the secret ARN of a database role. */
export type DatabaseSecretVariable =
  | typeof ENV.pipelineDatabaseSecret
  | typeof ENV.apiDatabaseSecret
  | typeof ENV.trainingDatabaseSecret
  | typeof ENV.migratorDatabaseSecret
  | typeof ENV.adminDatabaseSecret;

export type BucketAccess = 'read' | 'write';

type BucketAccesses = readonly [BucketAccess, ...BucketAccess[]];

/** The prefixes of the keys that a function may read and write. */
type KeyAccesses = Readonly<Record<BucketAccess, readonly string[]>>;

const BUCKET_ACTIONS: Record<BucketAccess, string> = { read: 's3:GetObject', write: 's3:PutObject' };

/**
 * The construct of every function. Its defaults: arm64, Node 24, tracing, logs that expire, one minified ES module that
 * includes the SDK. The caller's own properties override these defaults.
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
    const {
      onnxruntime = false,
      withoutProviderClients = false,
      files = [],
      reservedConcurrentExecutions,
      ...props
    } = given;
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
      bundling: {
        ...bundlingDefaults({ onnxruntime, architecture, providerClients: !withoutProviderClients, files }),
        ...props.bundling,
      },
    });
    this.#given = props.environment ?? {};
  }

  /**
   * Lets the function log in to the database as one role: grants read access to the role's secret and puts its ARN into
   * the environment.
   */
  useDatabaseLogin(name: DatabaseSecretVariable, secret: ISecret): this {
    this.useSecret(name, secret);
    // A container handles one request at a time, and connections.ts counts one connection per container.
    this.#setVariable(ENV.databaseConnections, '1');
    return this.trustDatabase();
  }

  /** Lets the function verify the database's certificate. */
  trustDatabase(): this {
    // Node does not trust Amazon's authorities by default, and they sign the database's certificate.
    this.#setVariable('NODE_EXTRA_CA_CERTS', '/var/runtime/ca-cert.pem');
    return this;
  }

  /** Connects the function through RDS Proxy if there is one. */
  useProxy(host: string | undefined): this {
    if (host !== undefined) this.#setVariable(ENV.databaseProxyHost, host);
    return this;
  }

  /** Lets the function read one secret and puts its ARN into the environment. */
  useSecret(name: string, secret: ISecret): this {
    secret.grantRead(this);
    this.#setVariable(name, secret.secretArn);
    return this;
  }

  /**
   * Lets the function read the keys that sign access tokens.
   *
   * @param issuer - the `iss` claim of tokens: the URL of the API
   */
  useSigningKeys(secret: ISecret, issuer: string): this {
    this.useSecret(ENV.signingKeysSecret, secret);
    this.#setVariable(ENV.tokenIssuer, issuer);
    return this;
  }

  /** Lets the function read the keys that sign access tokens, and write new ones. */
  renewSigningKeys(secret: ISecret): this {
    // The CDK's grantWrite would also allow changes to the secret's description and encryption.
    this.addToRolePolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
        resources: [secret.secretArn],
      }),
    );
    this.#setVariable(ENV.signingKeysSecret, secret.secretArn);
    return this;
  }

  /**
   * Retries events whose handling failed, twice, and then keeps them. While the function is busy, Lambda repeats the
   * call until the event is too old.
   */
  retryEvents(maxEventAge: Duration, deadLetters: IQueue): this {
    this.configureAsyncInvoke({ retryAttempts: 2, maxEventAge, onFailure: new SqsDestination(deadLetters) });
    return this;
  }

  /** Lets the function start executions of the pipeline. */
  startRunsOf(stateMachine: IStateMachine): this {
    stateMachine.grantStartExecution(this);
    this.#setVariable(ENV.stateMachineArn, stateMachine.stateMachineArn);
    return this;
  }

  /** Lets the function write and read some of the requests for functions outside the VPC, and of their replies. */
  useRunRequests(bucket: IBucket, keys: KeyAccesses = { read: [''], write: [''] }): this {
    return this.#useKeys(ENV.runRequestsUrl, bucket, keys);
  }

  /** Lets the function read and write batches of messages, or their results. */
  useDeliveries(bucket: IBucket, keys: KeyAccesses): this {
    return this.#useKeys(ENV.deliveriesUrl, bucket, keys);
  }

  /** Lets the function use the bucket of raw records and scores. */
  useRawObjects(bucket: IBucket, ...access: BucketAccesses): this {
    return this.#useBucket(ENV.rawObjectsUrl, bucket, access);
  }

  /** Lets the function use the bucket of model releases. */
  useModelObjects(bucket: IBucket, ...access: BucketAccesses): this {
    return this.#useBucket(ENV.modelObjectsUrl, bucket, access);
  }

  /** Lets the function use the bucket of the copies of publications. */
  usePublicationObjects(bucket: IBucket, ...access: BucketAccesses): this {
    return this.#useBucket(ENV.publicationObjectsUrl, bucket, access);
  }

  #useBucket(name: string, bucket: IBucket, access: BucketAccesses): this {
    const everything = (kind: BucketAccess) => (access.includes(kind) ? [''] : []);
    return this.#useKeys(name, bucket, { read: everything('read'), write: everything('write') });
  }

  #useKeys(name: string, bucket: IBucket, keys: KeyAccesses): this {
    for (const kind of ['write', 'read'] as const) {
      const resources = keys[kind].map((prefix) => bucket.arnForObjects(`${prefix}*`));
      // The CDK's grants use wildcards (s3:GetObject*, s3:List*); the functions need only these actions.
      if (resources.length > 0)
        this.addToRolePolicy(new PolicyStatement({ actions: [BUCKET_ACTIONS[kind]], resources }));
    }
    if (keys.read.length > 0) {
      // Without s3:ListBucket, S3 returns 403 instead of 404 for a missing object.
      this.addToRolePolicy(
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
      );
    }
    this.#setVariable(name, `s3://${bucket.bucketName}`);
    return this;
  }

  /** Sets a variable unless the caller has set it. */
  #setVariable(variable: string, value: string): void {
    if (!(variable in this.#given)) this.addEnvironment(variable, value);
  }
}

function expiringLogGroup(scope: Construct, id: string): LogGroup {
  return new LogGroup(scope, id, {
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
