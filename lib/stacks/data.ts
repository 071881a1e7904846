import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  type IBucket,
} from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { createLogins, type DatabaseRole, externalAddress, managedAddress } from '../constructs/logins.ts';
import { ManagedDatabase } from '../constructs/managed-database.ts';
import type { Settings } from '../settings.ts';
import type { NetworkStack } from './network.ts';

/** Days that raw records are kept: a year of runs can be replayed without asking the provider again. */
const RAW_RETENTION_DAYS = 365;

/** Days that what was overwritten or deleted in a bucket can be brought back. */
const OLD_VERSION_DAYS = 30;

export interface DataStackProps extends StackProps {
  /** The network of a managed database; absent where the settings name the secret of an external one. */
  readonly network?: NetworkStack;
  readonly settings: Settings;
}

/**
 * Everything that has to survive a deployment: the database, its logins, and the buckets. What it hands out is
 * typed by interface, with assertions: the CDK's classes do not quite match their interfaces under
 * exactOptionalPropertyTypes.
 */
export class DataStack extends Stack {
  /** The managed database; absent where it is external. */
  readonly database?: ManagedDatabase;
  /** The login that makes roles. */
  readonly admin: ISecret;
  /** The login of each database role, in the shape that RDS gives its secrets. */
  readonly secrets: Readonly<Record<DatabaseRole, ISecret>>;
  /** Where the API connects in place of the database's own host; absent without a proxy. */
  readonly proxyHost?: string;
  /** The keys that sign access tokens: none until the API stack's renewal has made the first. */
  readonly signingKeys: ISecret;
  /** The secret by which the API knows CloudFront: a reference that a deployment resolves. */
  readonly edgeProof: string;
  readonly rawObjects: IBucket;
  readonly modelObjects: IBucket;
  /** What administrators ask for over the API, until it is started. EventBridge hears of each new object. */
  readonly runRequests: IBucket;

  constructor(scope: Construct, id: string, { network, settings, ...props }: DataStackProps) {
    super(scope, id, { description: 'Boursomatic: database, logins and buckets', ...props });

    if (network) {
      const database = new ManagedDatabase(this, 'Database', network, settings);
      this.database = database;
      this.admin = database.admin;
      const direct = managedAddress(database.host);
      this.secrets = createLogins(this, () => direct);
      if (settings.proxy === 'on')
        this.proxyHost = database.addProxy(network, [this.secrets.api, this.secrets.training]);
    } else {
      const name = settings.databaseSecret;
      if (!name)
        throw new Error('without a network, the settings must name the secret of an external database');
      this.admin = name.startsWith('arn:')
        ? Secret.fromSecretCompleteArn(this, 'ExternalDatabase', name)
        : Secret.fromSecretNameV2(this, 'ExternalDatabase', name);
      const address = externalAddress(name);
      this.secrets = createLogins(this, () => address);
    }

    this.signingKeys = new Secret(this, 'SigningKeys', {
      description: 'Keys that sign access tokens; the current one and those that it replaced',
      // What CloudFront shows the API is in here too: in a secret of its own it would cost 0.40 dollars a month.
      generateSecretString: {
        secretStringTemplate: '{"keys":[]}',
        generateStringKey: 'edge',
        excludePunctuation: true,
        passwordLength: 43,
      },
    }) as ISecret;
    this.edgeProof = this.signingKeys.secretValueFromJson('edge').unsafeUnwrap();

    this.rawObjects = this.#bucket('RawObjects', { days: RAW_RETENTION_DAYS });
    // A release stays for as long as a recommendation may name it.
    this.modelObjects = this.#bucket('ModelObjects');
    this.runRequests = this.#bucket('RunRequestObjects', { days: 1 });
    // The CDK's own eventBridgeEnabled would add a function to do this one thing.
    (this.runRequests.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
  }

  /** A private bucket, over TLS only, in which nothing is lost by being overwritten. */
  #bucket(id: string, { days, ...props }: BucketProps & { days?: number } = {}): IBucket {
    return new Bucket(this, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        {
          ...(days && { expiration: Duration.days(days) }),
          noncurrentVersionExpiration: Duration.days(OLD_VERSION_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
      ...props,
    }) as IBucket;
  }
}
