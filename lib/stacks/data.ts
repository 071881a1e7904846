import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
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
  readonly rawObjects: IBucket;
  readonly modelObjects: IBucket;

  constructor(scope: Construct, id: string, { network, settings, ...props }: DataStackProps) {
    super(scope, id, { description: 'Boursomatic: database, logins and buckets', ...props });

    if (network) {
      const database = new ManagedDatabase(this, 'Database', network, settings);
      this.database = database;
      this.admin = database.admin;
      const direct = managedAddress(database.host);
      this.secrets = createLogins(this, () => direct);
      if (settings.proxy === 'on') this.proxyHost = database.addProxy(network, [this.secrets.api]);
    } else {
      const name = settings.databaseSecret ?? '';
      this.admin = name.startsWith('arn:')
        ? Secret.fromSecretCompleteArn(this, 'ExternalDatabase', name)
        : Secret.fromSecretNameV2(this, 'ExternalDatabase', name);
      const address = externalAddress(name);
      this.secrets = createLogins(this, () => address);
    }

    this.rawObjects = this.#bucket('RawObjects', { days: RAW_RETENTION_DAYS });
    // A release stays for as long as a recommendation may name it.
    this.modelObjects = this.#bucket('ModelObjects');
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
