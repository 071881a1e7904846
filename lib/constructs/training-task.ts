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
 * CPU units and memory of each size. A year of 500 instruments is about 130,000 rows of some 40 numbers. The trainer
 * holds several copies, so memory is the limit.
 */
const TASK_SIZES = {
  small: { cpu: 2048, memoryLimitMiB: 16_384 },
  scale: { cpu: 8192, memoryLimitMiB: 61_440 },
} as const satisfies Record<Size, object>;

/** Environment variables of libpq, with the login's field for each. */
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
 * The trainer as a task on Fargate: image, network and permissions. The deployment builds the image; synthesis only
 * reads the folder. docs/adr/0007 says why the task runs in a public subnet.
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
    // Under exactOptionalPropertyTypes, CDK classes do not match their own interfaces.
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
        // Only a scheme: libpq reads the login from its own variables, so no URL contains the password.
        DATABASE_URL: 'postgresql://',
        PGSSLMODE: 'verify-full',
        [ENV.modelObjectsUrl]: `s3://${modelObjects.bucketName}`,
      },
      // The execution role reads them before the container starts; the task role has no access to secrets.
      secrets: Object.fromEntries(
        Object.entries(LOGIN_FIELDS).map(([variable, field]) => [
          variable,
          EcsSecret.fromSecretsManager(login, field),
        ]),
      ),
    });
    this.definition.addToTaskRolePolicy(
      new PolicyStatement({
        // It writes the new release, and reads the active one to evaluate both on the same days.
        actions: ['s3:PutObject', 's3:GetObject'],
        resources: [modelObjects.arnForObjects('v*')],
      }),
    );
  }

  /** Allows no ingress, and egress only to HTTPS and the database. */
  #securityGroup(network: DatabaseNetwork): SecurityGroup {
    const group = new SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      // Another description would replace the deployed group.
      description: 'The trainer',
      allowAllOutbound: false,
    });
    group.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'Image, secret, log and bucket');
    group.addEgressRule(network.databaseSecurityGroup, Port.tcp(DATABASE_PORT), 'Reads model inputs');
    // The rules belong to this stack, because the network stack does not know the trainer. In the VPC, the name of
    // Secrets Manager resolves to the endpoint.
    const remoteRule = true;
    network.databaseSecurityGroup.addIngressRule(
      group,
      Port.tcp(DATABASE_PORT),
      'The trainer reads',
      remoteRule,
    );
    network.endpointSecurityGroup.addIngressRule(group, Port.HTTPS, 'The trainer gets its login', remoteRule);
    return group;
  }
}
