import { ArnFormat, Stack, type StackProps } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  type InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { VpcPlacement } from '../constructs/service-function.ts';

/** The port that Postgres listens on. */
export const DATABASE_PORT = 5432;

/** The addresses of the network. Its own subnets take them from below; the training stack's take some from the middle. */
const NETWORK_ADDRESSES = '10.20.0.0/16';

/**
 * A network with no way in and no way out: isolated subnets, no NAT gateway. What runs inside reaches the
 * database, S3 over the free gateway endpoint, and Secrets Manager and Step Functions over an interface endpoint each.
 */
export class NetworkStack extends Stack {
  readonly vpc: IVpc;
  readonly databaseSecurityGroup: SecurityGroup;
  /** Who is let in here can ask Secrets Manager and Step Functions. */
  readonly endpointSecurityGroup: SecurityGroup;
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
      'The endpoints of Secrets Manager and Step Functions',
      false,
    );
    this.databaseSecurityGroup = this.#securityGroup('DatabaseSecurityGroup', 'The database', false);
    // The rules are here and not beside the database, so that no two stacks need each other.
    this.endpointSecurityGroup.addIngressRule(functions, Port.HTTPS, 'Functions ask endpoints');
    this.databaseSecurityGroup.addIngressRule(functions, Port.tcp(DATABASE_PORT), 'Functions query');

    this.#endpoint('SecretsManager', InterfaceVpcEndpointAwsService.SECRETS_MANAGER);
    this.#endpoint('StepFunctions', InterfaceVpcEndpointAwsService.STEP_FUNCTIONS).addToPolicy(
      new PolicyStatement({
        // Nothing else is done from inside: an administrator starts a run.
        actions: ['states:StartExecution'],
        principals: [new AnyPrincipal()],
        resources: [
          this.formatArn({
            service: 'states',
            resource: 'stateMachine',
            resourceName: '*',
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
      }),
    );

    this.placement = {
      vpc: this.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [functions],
    };
  }

  /**
   * An endpoint in one zone, which serves both: each zone costs 7.30 USD a month, and what is asked over it, a secret
   * once a container and a run now and then, is worth no second one. docs/adr/0015 weighs the ways around it.
   */
  #endpoint(id: string, service: InterfaceVpcEndpointAwsService): InterfaceVpcEndpoint {
    return this.vpc.addInterfaceEndpoint(id, {
      service,
      subnets: { subnets: this.vpc.isolatedSubnets.slice(0, 1) },
      securityGroups: [this.endpointSecurityGroup],
      open: false,
    });
  }

  #securityGroup(id: string, description: string, allowAllOutbound = true): SecurityGroup {
    return new SecurityGroup(this, id, { vpc: this.vpc, description, allowAllOutbound });
  }
}
