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

/** The addresses of the network. Its own subnets take them from below; the training stack's take some from the middle. */
const NETWORK_ADDRESSES = '10.20.0.0/16';

/**
 * A network with no way in and no way out: isolated subnets, no NAT gateway. What runs inside reaches the
 * database, S3 over the free gateway endpoint, and Secrets Manager over one interface endpoint.
 */
export class NetworkStack extends Stack implements DatabaseNetwork {
  readonly vpc: IVpc;
  readonly databaseSecurityGroup: SecurityGroup;
  /** Who is let in here can ask Secrets Manager. */
  readonly endpointSecurityGroup: SecurityGroup;
  /** What functions are in that talk to the database. */
  readonly functionSecurityGroup: ISecurityGroup;
  /** Where a function is put that talks to the database. */
  readonly placement: VpcPlacement;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, { description: 'Boursomatic: network without a way out', ...props });

    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(NETWORK_ADDRESSES),
      // RDS asks for subnets in two zones even for an instance in one.
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      gatewayEndpoints: { s3: { service: GatewayVpcEndpointAwsService.S3 } },
      // Nothing is ever put in the default group, and closing it would take a custom resource with a function.
      restrictDefaultSecurityGroup: false,
      // The CDK's classes do not quite match their interfaces under exactOptionalPropertyTypes.
    }) as IVpc;

    const functions = this.#securityGroup('FunctionSecurityGroup', 'Functions that talk to the database');
    this.endpointSecurityGroup = this.#securityGroup(
      'EndpointSecurityGroup',
      'The endpoint of Secrets Manager',
      false,
    );
    this.databaseSecurityGroup = this.#securityGroup('DatabaseSecurityGroup', 'The database', false);
    // The rules are here and not beside the database, so that no two stacks need each other.
    this.endpointSecurityGroup.addIngressRule(functions, Port.HTTPS, 'Functions read secrets');
    this.databaseSecurityGroup.addIngressRule(functions, Port.tcp(DATABASE_PORT), 'Functions query');

    this.vpc.addInterfaceEndpoint('SecretsManager', {
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      // An endpoint is billed by the zone, and a secret is read once a container: one zone serves both.
      subnets: { subnets: this.vpc.isolatedSubnets.slice(0, 1) },
      securityGroups: [this.endpointSecurityGroup],
      open: false,
    });

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
