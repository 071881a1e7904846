import { resolve } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { type ISubnet, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  Cluster,
  type ContainerDefinition,
  ContainerImage,
  CpuArchitecture,
  Secret as EcsSecret,
  FargateTaskDefinition,
  type ICluster,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ENV } from '../../functions/shared/constants.ts';
import type { Size } from '../settings.ts';
import { DATABASE_PORT, type DatabaseNetwork } from './database-network.ts';
import { PublicSubnets } from './public-subnets.ts';

const TRAINING = resolve(import.meta.dirname, '../../training');

/**
 * What a size means for training. A year of 500 instruments is about 130,000 rows of some 40 numbers; the trainer
 * holds them a few times over, so memory is what counts.
 */
const TASK_SIZES = {
  small: { cpu: 2048, memoryLimitMiB: 16_384 },
  scale: { cpu: 8192, memoryLimitMiB: 61_440 },
} as const satisfies Record<Size, object>;

/** Variables of libpq, and the field of the login that each takes. */
const LOGIN_FIELDS = {
  PGHOST: 'host',
  PGPORT: 'port',
  PGDATABASE: 'dbname',
  PGUSER: 'username',
  PGPASSWORD: 'password',
};

export interface TrainingTaskProps {
  readonly network: DatabaseNetwork;
  /** The login of the training role. */
  readonly login: ISecret;
  readonly modelObjects: IBucket;
  readonly size: Size;
}

/**
 * The trainer as a task on Fargate: its image, where it runs, and what it may reach. The image is built when the
 * stack is deployed; synthesis only reads the folder. docs/adr/0007 says why it is in a public subnet.
 */
export class TrainingTask extends Construct {
  readonly cluster: ICluster;
  readonly definition: FargateTaskDefinition;
  readonly container: ContainerDefinition;
  readonly subnets: ISubnet[];
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { network, login, modelObjects, size }: TrainingTaskProps) {
    super(scope, id);
    // Deployed subnets have this id in their names: another id would replace them.
    this.subnets = new PublicSubnets(this, 'WayOut', network.vpc).subnets;
    this.securityGroup = this.#securityGroup(network);
    // The CDK's class does not quite match its interface under exactOptionalPropertyTypes.
    this.cluster = new Cluster(this, 'Cluster', { vpc: network.vpc }) as ICluster;
    this.definition = new FargateTaskDefinition(this, 'Definition', {
      ...TASK_SIZES[size],
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    this.container = this.definition.addContainer('Trainer', {
      image: ContainerImage.fromAsset(TRAINING, { platform: Platform.LINUX_ARM64 }),
      logging: LogDriver.awsLogs({
        streamPrefix: 'training',
        logGroup: new LogGroup(this, 'Logs', {
          retention: RetentionDays.THREE_MONTHS,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      }),
      environment: {
        // Empty but for its scheme: libpq takes the login from its own variables, and the password is in no URL.
        DATABASE_URL: 'postgresql://',
        PGSSLMODE: 'verify-full',
        [ENV.modelObjectsUrl]: `s3://${modelObjects.bucketName}`,
      },
      // The execution role reads them before the container starts; the trainer itself can read no secret.
      secrets: Object.fromEntries(
        Object.entries(LOGIN_FIELDS).map(([variable, field]) => [
          variable,
          EcsSecret.fromSecretsManager(login, field),
        ]),
      ),
    });
    this.definition.addToTaskRolePolicy(
      new PolicyStatement({
        // It writes the new release, and reads the active one to measure both on the same days.
        actions: ['s3:PutObject', 's3:GetObject'],
        resources: [modelObjects.arnForObjects('v*')],
      }),
    );
  }

  /** Lets nothing in, and out only HTTPS, the database, and the endpoint that Secrets Manager's name leads to. */
  #securityGroup(network: DatabaseNetwork): SecurityGroup {
    const group = new SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'The trainer',
      allowAllOutbound: false,
    });
    group.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'Image, secret, log and bucket');
    group.addEgressRule(network.databaseSecurityGroup, Port.tcp(DATABASE_PORT), 'Reads model inputs');
    // Rules of this stack: the network does not know of it.
    const elsewhere = true;
    network.databaseSecurityGroup.addIngressRule(
      group,
      Port.tcp(DATABASE_PORT),
      'The trainer reads',
      elsewhere,
    );
    network.endpointSecurityGroup.addIngressRule(group, Port.HTTPS, 'The trainer gets its login', elsewhere);
    return group;
  }
}
