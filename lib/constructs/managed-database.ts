import { CfnOutput, CrossStackReferences, Duration, ReferenceStrength, RemovalPolicy } from 'aws-cdk-lib';
import {
  InstanceClass,
  InstanceSize,
  InstanceType,
  Port,
  SecurityGroup,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import {
  type CfnDBInstance,
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseInstanceReadReplica,
  type DatabaseInstanceReadReplicaProps,
  DatabaseProxy,
  type IDatabaseInstance,
  ParameterGroup,
  PostgresEngineVersion,
  ProxyTarget,
  StorageType,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct } from 'constructs';
import type { Settings, Size } from '../settings.ts';
import { CONNECTIONS } from './connections.ts';
import { DATABASE_PORT, type DatabaseNetwork } from './database-network.ts';
import { DATABASE_NAME } from './logins.ts';

/** Instance, storage in GiB and backups of each size. */
export const DATABASE_SIZES = {
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

/** The share of the database's connections that the proxy may hold: the role of the API may have this many. */
const PROXY_CONNECTIONS_PERCENT = 70;

const ENGINE = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_18 });

/** Postgres on RDS: encrypted, private, protected from deletion outside `dev`, with point-in-time recovery. */
export class ManagedDatabase extends Construct {
  readonly instance: DatabaseInstance;
  /** The master login, with which the migration creates the roles. */
  readonly admin: ISecret;
  readonly host: string;
  /** The resources whose changes may replace the database or change its connection limits. */
  readonly resources: readonly IConstruct[];

  constructor(scope: Construct, id: string, network: DatabaseNetwork, settings: Settings) {
    super(scope, id);
    const { backupDays: defaultBackupDays, ...sizing } = DATABASE_SIZES[settings.size];
    const backupDays = settings.backupDays ?? defaultBackupDays;
    const parameterGroup = this.#parameters(settings.size);
    // Imported as immutable: a rule that the CDK added here would make the network stack depend on this one.
    const group = SecurityGroup.fromSecurityGroupId(
      this,
      'SecurityGroup',
      network.databaseSecurityGroup.securityGroupId,
      { mutable: false },
    );
    const placement = {
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [group],
    };
    this.instance = new DatabaseInstance(this, 'Instance', {
      // Only the major version: RDS chooses and upgrades the minor version.
      engine: ENGINE,
      autoMinorVersionUpgrade: true,
      ...sizing,
      ...placement,
      parameterGroup,
      storageType: StorageType.GP3,
      storageEncrypted: true,
      databaseName: DATABASE_NAME,
      port: DATABASE_PORT,
      credentials: Credentials.fromGeneratedSecret('boursomatic_master'),
      publiclyAccessible: false,
      backupRetention: Duration.days(backupDays),
      deleteAutomatedBackups: false,
      copyTagsToSnapshot: true,
      // Protection would also prevent CloudFormation from deleting an instance whose creation failed.
      deletionProtection: settings.stage !== 'dev',
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });
    // A reference through an export would forbid every replacement of the instance.
    CrossStackReferences.of(this.instance).produce(ReferenceStrength.WEAK);
    if (!this.instance.secret)
      throw new Error('RDS has not generated the master login, although its credentials ask for one');
    this.admin = this.instance.secret;
    this.resources = [this.instance, parameterGroup];
    this.host = this.instance.dbInstanceEndpointAddress;
    if (settings.backupCopy) this.#copyBackups(settings.backupCopy, backupDays);
    if (settings.replica === 'on') this.#addReplica({ ...placement, parameterGroup });
  }

  /**
   * Adds RDS Proxy for the API, which has many short connections.
   *
   * @param logins - the logins that the proxy accepts and uses
   * @returns the host to connect to
   */
  addProxy(network: DatabaseNetwork, logins: ISecret[]): string {
    const group = new SecurityGroup(this, 'ProxySecurityGroup', {
      vpc: network.vpc,
      // Another description would replace the deployed group.
      description: 'The proxy before the database',
    });
    // The rule belongs to this stack, because the network stack does not know the proxy.
    network.databaseSecurityGroup.addIngressRule(group, Port.tcp(DATABASE_PORT), 'The proxy queries', true);
    group.addIngressRule(network.functionSecurityGroup, Port.tcp(DATABASE_PORT), 'Functions query');
    const proxy = new DatabaseProxy(this, 'Proxy', {
      proxyTarget: ProxyTarget.fromInstance(this.instance as IDatabaseInstance as DatabaseInstance),
      secrets: logins,
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [group],
      requireTLS: true,
      maxConnectionsPercent: PROXY_CONNECTIONS_PERCENT,
    });
    return proxy.endpoint;
  }

  /** The connections that {@link CONNECTIONS} divides, TLS only, and logs of slow queries. */
  #parameters(size: Size): ParameterGroup {
    return new ParameterGroup(this, 'Parameters', {
      engine: ENGINE,
      description: 'Boursomatic',
      parameters: {
        max_connections: String(CONNECTIONS[size].max),
        'rds.force_ssl': '1',
        log_min_duration_statement: '2000',
        idle_in_transaction_session_timeout: String(Duration.minutes(10).toMilliseconds()),
        timezone: 'UTC',
      },
    });
  }

  /** Copies the automated backups to another region, where a key of that region encrypts them. */
  #copyBackups({ region, keyArn }: NonNullable<Settings['backupCopy']>, days: number): void {
    // The CDK's DatabaseInstance has no properties for this.
    const instance = this.instance.node.defaultChild as CfnDBInstance;
    instance.automaticBackupReplicationRegion = region;
    instance.automaticBackupReplicationKmsKeyId = keyArn;
    instance.automaticBackupReplicationRetentionPeriod = days;
  }

  /** Adds a replica that grows with its primary, and inherits the primary's encryption. */
  #addReplica(
    shared: Pick<
      DatabaseInstanceReadReplicaProps,
      'vpc' | 'vpcSubnets' | 'securityGroups' | 'parameterGroup'
    >,
  ): void {
    const { instanceType, maxAllocatedStorage } = DATABASE_SIZES.scale;
    const replica = new DatabaseInstanceReadReplica(this, 'Replica', {
      sourceDatabaseInstance: this.instance as IDatabaseInstance,
      instanceType,
      storageType: StorageType.GP3,
      maxAllocatedStorage,
      ...shared,
      publiclyAccessible: false,
      autoMinorVersionUpgrade: true,
      // It has no data of its own, and replica=off deletes it.
      deletionProtection: false,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new CfnOutput(this, 'ReplicaHost', {
      value: replica.dbInstanceEndpointAddress,
      description: 'Host of the read replica, for reports. It accepts the logins of the database.',
    });
  }
}
