import { CfnOutput, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  InstanceClass,
  InstanceSize,
  InstanceType,
  Port,
  SecurityGroup,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import {
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseInstanceReadReplica,
  DatabaseProxy,
  type IDatabaseInstance,
  ParameterGroup,
  PostgresEngineVersion,
  ProxyTarget,
  StorageType,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Settings, Size } from '../settings.ts';
import { CONNECTIONS } from './connections.ts';
import { DATABASE_PORT, type DatabaseNetwork } from './database-network.ts';
import { DATABASE_NAME } from './logins.ts';

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

const ENGINE = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_18 });

/**
 * Postgres on RDS: encrypted, out of reach from outside, restorable to any second of its backups' days, protected
 * from deletion.
 */
export class ManagedDatabase extends Construct {
  readonly instance: DatabaseInstance;
  /** The login of the owner of the server, which the migration makes the roles with. */
  readonly admin: ISecret;
  readonly host: string;

  constructor(scope: Construct, id: string, network: DatabaseNetwork, settings: Settings) {
    super(scope, id);
    const { backupDays, ...sizing } = DATABASE_SIZES[settings.size];
    // As somebody else's: what the CDK would add to it here, the network would have to know of this stack for.
    const group = SecurityGroup.fromSecurityGroupId(
      this,
      'SecurityGroup',
      network.databaseSecurityGroup.securityGroupId,
      { mutable: false },
    );
    const placed = {
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [group],
    };
    this.instance = new DatabaseInstance(this, 'Instance', {
      // The major version alone: RDS picks the newest minor, and keeps it new.
      engine: ENGINE,
      autoMinorVersionUpgrade: true,
      ...sizing,
      ...placed,
      parameterGroup: this.#parameters(settings.size),
      storageType: StorageType.GP3,
      storageEncrypted: true,
      databaseName: DATABASE_NAME,
      port: DATABASE_PORT,
      credentials: Credentials.fromGeneratedSecret('boursomatic_master'),
      publiclyAccessible: false,
      // Backups are what point-in-time recovery goes back to.
      backupRetention: Duration.days(backupDays),
      deleteAutomatedBackups: false,
      copyTagsToSnapshot: true,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.SNAPSHOT,
    });
    if (!this.instance.secret) throw new Error('the master login is generated above');
    this.admin = this.instance.secret;
    this.host = this.instance.dbInstanceEndpointAddress;
    if (settings.replica === 'on') this.#replica(placed);
  }

  /**
   * RDS Proxy before the API, which has many short connections.
   *
   * @param logins - what the proxy may log in with
   * @returns its address
   */
  addProxy(network: DatabaseNetwork, logins: ISecret[]): string {
    const group = new SecurityGroup(this, 'ProxySecurityGroup', {
      vpc: network.vpc,
      description: 'The proxy before the database',
    });
    // Rules of this stack: the network does not know of the proxy.
    network.databaseSecurityGroup.addIngressRule(group, Port.tcp(DATABASE_PORT), 'The proxy queries', true);
    group.addIngressRule(network.functionSecurityGroup, Port.tcp(DATABASE_PORT), 'Functions query');
    const proxy = new DatabaseProxy(this, 'Proxy', {
      proxyTarget: ProxyTarget.fromInstance(this.instance as IDatabaseInstance as DatabaseInstance),
      secrets: logins,
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [group],
      requireTLS: true,
      maxConnectionsPercent: 80,
    });
    return proxy.endpoint;
  }

  /** What Postgres is told: the connections that the functions' shares were worked out for, and TLS. */
  #parameters(size: Size): ParameterGroup {
    return new ParameterGroup(this, 'Parameters', {
      engine: ENGINE,
      description: 'Boursomatic',
      parameters: {
        max_connections: String(CONNECTIONS[size].max),
        'rds.force_ssl': '1',
        // A query that takes longer than this is worth reading about.
        log_min_duration_statement: '2000',
        idle_in_transaction_session_timeout: String(Duration.minutes(10).toMilliseconds()),
        timezone: 'UTC',
      },
    });
  }

  #replica(
    placed: Pick<
      ConstructorParameters<typeof DatabaseInstanceReadReplica>[2],
      'vpc' | 'vpcSubnets' | 'securityGroups'
    >,
  ) {
    const replica = new DatabaseInstanceReadReplica(this, 'Replica', {
      sourceDatabaseInstance: this.instance as IDatabaseInstance,
      instanceType: DATABASE_SIZES.scale.instanceType,
      ...placed,
      storageEncrypted: true,
      publiclyAccessible: false,
      autoMinorVersionUpgrade: true,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new CfnOutput(this, 'ReplicaHost', {
      value: replica.dbInstanceEndpointAddress,
      description: 'Reports read here, with any of the logins',
    });
  }
}
