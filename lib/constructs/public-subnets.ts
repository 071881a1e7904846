import {
  CfnInternetGateway,
  CfnVPCGatewayAttachment,
  type ISubnet,
  type IVpc,
  PublicSubnet,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/** Public subnets use 10.20.128.0/24 and up: the network allocates its own subnets from 10.20.0.0 upwards. */
const FIRST_THIRD_OCTET = 128;

/**
 * Public subnets, one a zone, added to a network that has none. Only their own route table leads out, so what is in
 * the isolated subnets stays there. An internet gateway and an empty subnet cost nothing.
 */
export class PublicSubnets extends Construct {
  readonly subnets: ISubnet[];

  constructor(scope: Construct, id: string, vpc: IVpc) {
    super(scope, id);
    const gateway = new CfnInternetGateway(this, 'Gateway');
    const attachment = new CfnVPCGatewayAttachment(this, 'Attachment', {
      vpcId: vpc.vpcId,
      internetGatewayId: gateway.ref,
    });
    this.subnets = vpc.availabilityZones.map((availabilityZone, index) => {
      const subnet = new PublicSubnet(this, `Subnet${index + 1}`, {
        vpcId: vpc.vpcId,
        availabilityZone,
        cidrBlock: `10.20.${FIRST_THIRD_OCTET + index}.0/24`,
        // The task asks for an address of its own; nothing else that is put here gets one unasked.
        mapPublicIpOnLaunch: false,
      });
      subnet.addDefaultInternetRoute(gateway.ref, attachment);
      return subnet;
    });
  }
}
