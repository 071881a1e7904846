import { Stack, type StackProps } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  type IVpc,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { DATABASE_PORT, type DatabaseNetwork } from '../constructs/database-network.ts';
import type { VpcPlacement } from '../constructs/placement.ts';
import type { Size } from '../settings.ts';

export interface NetworkStackProps extends StackProps {
  readonly size: Size;
}

/** The VPC allocates its subnets from the start of this range; the training stack uses 10.20.128.0/24 and up. */
const NETWORK_ADDRESSES = '10.20.0.0/16';

/**
 * A VPC without internet access: isolated subnets and no NAT gateway. Its functions reach the database, S3 over the free
 * gateway endpoint, and Secrets Manager over an interface endpoint.
 */
export class NetworkStack extends Stack implements DatabaseNetwork {
  readonly vpc: IVpc;
  readonly databaseSecurityGroup: SecurityGroup;
  /** Security group of the Secrets Manager endpoint. */
  readonly endpointSecurityGroup: SecurityGroup;
  /** Security group of the functions that query the database. */
  readonly functionSecurityGroup: ISecurityGroup;
  /** Placement of the functions that query the database. */
  readonly placement: VpcPlacement;

  constructor(scope: Construct, id: string, { size, ...props }: NetworkStackProps) {
    super(scope, id, { description: 'Boursomatic: network without internet access', ...props });

    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(NETWORK_ADDRESSES),
      // RDS requires subnets in two zones, even for a single-zone instance.
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      gatewayEndpoints: { s3: { service: GatewayVpcEndpointAwsService.S3 } },
      // Nothing uses the default group, and to restrict it the CDK would add a custom resource with a function.
      restrictDefaultSecurityGroup: false,
      // Under exactOptionalPropertyTypes, CDK classes do not match their own interfaces.
    }) as IVpc;

    // Another description would replace a deployed group.
    const functions = this.#securityGroup('FunctionSecurityGroup', 'Functions that talk to the database');
    this.endpointSecurityGroup = this.#securityGroup(
      'EndpointSecurityGroup',
      'The endpoint of Secrets Manager',
      false,
    );
    this.databaseSecurityGroup = this.#securityGroup('DatabaseSecurityGroup', 'The database', false);
    // The rules are in this stack, because rules in the data stack would make the two stacks depend on each other.
    this.endpointSecurityGroup.addIngressRule(functions, Port.HTTPS, 'Functions read secrets');
    this.databaseSecurityGroup.addIngressRule(functions, Port.tcp(DATABASE_PORT), 'Functions query');

    this.vpc.addInterfaceEndpoint('SecretsManager', {
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      // AWS bills an endpoint for each zone. An endpoint in one zone serves both, but fails with its zone, as the
      // database of `small` does.
      subnets: {
        subnets: size === 'small' ? this.vpc.isolatedSubnets.slice(0, 1) : this.vpc.isolatedSubnets,
      },
      securityGroups: [this.endpointSecurityGroup],
      open: false,
    });

    // Only the training stack imports these. Without these lines, a deployment that turns retraining off would remove the
    // exports, and CloudFormation refuses that while the stack exists.
    for (const value of [this.vpc.vpcId, this.endpointSecurityGroup.securityGroupId]) this.exportValue(value);
    this.functionSecurityGroup = functions;
    this.placement = {
      vpc: this.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [functions],
    };
  }

  #securityGroup(id: string, description: string, allowAllOutbound = true): SecurityGroup {
    return new SecurityGroup(this, id, { vpc: this.vpc, description, allowAllOutbound });
  }
}
