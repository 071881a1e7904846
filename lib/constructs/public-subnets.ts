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
 * Adds a public subnet per zone to a network that has none. Only their route table leads to the internet, so the
 * isolated subnets stay isolated. An internet gateway and an empty subnet cost nothing.
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
        // The training task requests a public address; nothing else here gets one.
        mapPublicIpOnLaunch: false,
      });
      subnet.addDefaultInternetRoute(gateway.ref, attachment);
      return subnet;
    });
  }
}
