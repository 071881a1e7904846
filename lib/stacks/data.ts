import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  type IBucket,
  ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { definitionOf } from '../constructs/definition.ts';
import { createLogins, type DatabaseRole, externalAddress, managedAddress } from '../constructs/logins.ts';
import { ManagedDatabase } from '../constructs/managed-database.ts';
import type { Settings, Stage } from '../settings.ts';
import type { NetworkStack } from './network.ts';

/** Retention of raw records, in days: a replay can load a year of runs without the provider. */
const RAW_RETENTION_DAYS = 365;

/** Days in which an overwritten or deleted object can be restored. */
const OLD_VERSION_DAYS = 30;

/** Days for which a copy of a publication is locked, by stage: ten years where the record counts. */
const PUBLICATION_LOCK_DAYS: Record<Stage, number> = { dev: 1, staging: 1, prod: 3653 };

export interface DataStackProps extends StackProps {
  /** The network of a managed database; absent where the settings name the secret of an external one. */
  readonly network?: NetworkStack;
  readonly settings: Settings;
}

/**
 * Everything that must survive a deployment: the database, its logins and the buckets. The properties have interface
 * types, by assertion: under exactOptionalPropertyTypes, CDK classes do not match their own interfaces.
 */
export class DataStack extends Stack {
  /** The managed database; absent where it is external. */
  readonly database?: ManagedDatabase;
  /** The login that creates roles. */
  readonly admin: ISecret;
  /** The login of each database role, in the secret format of RDS. */
  readonly secrets: Readonly<Record<DatabaseRole, ISecret>>;
  /** The host of RDS Proxy, which the API connects to; absent without a proxy. */
  readonly proxyHost?: string;
  /** Changes whenever a deployment may replace the database or generate its logins anew. */
  readonly databaseDefinition: string;
  /**
   * The keys that sign access tokens, and those that encrypt second factors; empty until the API stack's renewal
   * function creates the first.
   */
  readonly signingKeys: ISecret;
  /** The secret that CloudFront sends to the API, as a reference that CloudFormation resolves. */
  readonly edgeProof: string;
  readonly rawObjects: IBucket;
  readonly modelObjects: IBucket;
  /** The copies of publications, which nobody can delete or replace before their retention ends. */
  readonly publicationObjects: IBucket;
  /** Requests for functions outside the VPC, and the replies to them. The bucket notifies EventBridge of each new object. */
  readonly runRequests: IBucket;
  /** Messages on their way to users, and the results. The bucket notifies EventBridge of each new object. */
  readonly deliveries: IBucket;

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

    this.databaseDefinition = definitionOf([
      ...(this.database?.resources ?? []),
      ...Object.values(this.secrets),
    ]);

    this.signingKeys = new Secret(this, 'SigningKeys', {
      description: 'Keys that sign access tokens: the current key and its predecessors',
      // This secret also holds what CloudFront sends to the API, and the keys that encrypt second factors: a second
      // secret would cost 0.40 dollars a month.
      generateSecretString: {
        secretStringTemplate: '{"keys":[]}',
        generateStringKey: 'edge',
        excludePunctuation: true,
        passwordLength: 43,
      },
    }) as ISecret;
    this.edgeProof = this.signingKeys.secretValueFromJson('edge').unsafeUnwrap();

    this.rawObjects = this.#bucket('RawObjects', { days: RAW_RETENTION_DAYS });
    // Releases never expire: a recommendation may refer to any of them.
    this.modelObjects = this.#bucket('ModelObjects');
    this.publicationObjects = this.#bucket('PublicationObjects', {
      // In compliance mode, not even the account's root user can shorten the retention. The CDK then turns on the lock.
      objectLockDefaultRetention: ObjectLockRetention.compliance(
        Duration.days(settings.publicationLockDays ?? PUBLICATION_LOCK_DAYS[settings.stage]),
      ),
    });
    this.runRequests = this.#bucket('RunRequestObjects', { days: 1 });
    // Messages contain secrets of channels, such as the tokens of bots, so that no old version may remain.
    this.deliveries = this.#bucket('DeliveryObjects', { days: 1, versioned: false });
    for (const { node } of [this.runRequests, this.deliveries]) {
      // The CDK's eventBridgeEnabled would add a function only to set this property.
      (node.defaultChild as CfnBucket).notificationConfiguration = {
        eventBridgeConfiguration: { eventBridgeEnabled: true },
      };
    }
  }

  /** Adds a private bucket that accepts only TLS; versioned unless the properties say otherwise. */
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
      // A creation that failed leaves no bucket behind.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      ...props,
    }) as IBucket;
  }
}
