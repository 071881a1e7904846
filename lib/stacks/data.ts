import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
  StorageType,
} from 'aws-cdk-lib/aws-rds';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
} from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import type { Size } from '../settings.ts';
import { DATABASE_PORT, type NetworkStack } from './network.ts';

const DATABASE_NAME = 'boursomatic';

/** Days that raw records are kept: a year of runs can be replayed without asking the provider again. */
const RAW_RETENTION_DAYS = 365;

/** What a size means for the database. */
const DATABASE_SIZES = {
  small: {
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
    allocatedStorage: 20,
    maxAllocatedStorage: 100,
    multiAz: false,
    backupDays: 7,
  },
  scale: {
    instanceType: InstanceType.of(InstanceClass.M7G, InstanceSize.LARGE),
    allocatedStorage: 100,
    maxAllocatedStorage: 1000,
    multiAz: true,
    backupDays: 30,
  },
} as const satisfies Record<Size, object>;

export interface DataStackProps extends StackProps {
  readonly network: NetworkStack;
  readonly size: Size;
}

/** A key of {@link DATABASE_ROLES}. */
export type DatabaseRole = keyof typeof DATABASE_ROLES;

/**
 * Everything that has to survive a deployment: the database, its logins, and the buckets. What it hands out is
 * typed by interface, with assertions: the CDK's classes do not quite match their interfaces under
 * exactOptionalPropertyTypes.
 */
export class DataStack extends Stack {
  readonly database: DatabaseInstance;
  /** The login of each database role, in the shape that RDS gives its secrets. */
  readonly secrets: Readonly<Record<DatabaseRole, ISecret>>;
  /** The keys that sign access tokens: none until the API stack's renewal has made the first. */
  readonly signingKeys: ISecret;
  readonly rawObjects: IBucket;
  readonly modelObjects: IBucket;

  constructor(scope: Construct, id: string, { network, size, ...props }: DataStackProps) {
    super(scope, id, { description: 'Boursomatic: database, logins and buckets', ...props });

    const { backupDays, ...sizing } = DATABASE_SIZES[size];
    this.database = new DatabaseInstance(this, 'Database', {
      // The major version alone: RDS picks the newest minor, and keeps it new.
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_18 }),
      autoMinorVersionUpgrade: true,
      ...sizing,
      storageType: StorageType.GP3,
      storageEncrypted: true,
      databaseName: DATABASE_NAME,
      port: DATABASE_PORT,
      credentials: Credentials.fromGeneratedSecret('boursomatic_master'),
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [network.databaseSecurityGroup],
      publiclyAccessible: false,
      backupRetention: Duration.days(backupDays),
      deleteAutomatedBackups: false,
      copyTagsToSnapshot: true,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });

    this.secrets = {
      migrator: this.#login('migrator'),
      pipeline: this.#login('pipeline'),
      api: this.#login('api'),
      training: this.#login('training'),
    };

    this.signingKeys = new Secret(this, 'SigningKeys', {
      description: 'Keys that sign access tokens; the current one and those that it replaced',
      generateSecretString: { secretStringTemplate: '{"keys":[]}', generateStringKey: 'current' },
    }) as ISecret;

    this.rawObjects = this.#bucket('RawObjects', {
      lifecycleRules: [
        {
          expiration: Duration.days(RAW_RETENTION_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
    // A release is never overwritten in place without a way back.
    this.modelObjects = this.#bucket('ModelObjects', { versioned: true });
  }

  /** A role's login, generated; the migration creates the role with it. */
  #login(role: DatabaseRole): ISecret {
    const username = DATABASE_ROLES[role];
    return new Secret(this, `${role.charAt(0).toUpperCase()}${role.slice(1)}Login`, {
      description: `Login of the database role ${username}`,
      generateSecretString: {
        secretStringTemplate: this.toJsonString({
          engine: 'postgres',
          host: this.database.dbInstanceEndpointAddress,
          port: DATABASE_PORT,
          dbname: DATABASE_NAME,
          username,
        }),
        generateStringKey: 'password',
        passwordLength: 40,
        excludePunctuation: true,
      },
    }) as ISecret;
  }

  #bucket(id: string, props: BucketProps): IBucket {
    return new Bucket(this, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
      ...props,
    }) as IBucket;
  }
}
