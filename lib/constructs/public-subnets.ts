import {
  CfnInternetGateway,
  CfnVPCGatewayAttachment,
  type ISubnet,
  type IVpc,
  PublicSubnet,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/** From the middle of the network's addresses, which its own subnets take from below. */
const SUBNET_ADDRESSES = ['10.20.128.0/24', '10.20.129.0/24'];

/**
 * Public subnets, one a zone, added to a network that has none. Only their own route table leads out, so what is in
 * the isolated subnets stays there. An internet gateway and an empty subnet cost nothing.
 */
export class WayOut extends Construct {
  readonly subnets: ISubnet[];

  constructor(scope: Construct, id: string, vpc: IVpc) {
    super(scope, id);
    const gateway = new CfnInternetGateway(this, 'Gateway');
    const attachment = new CfnVPCGatewayAttachment(this, 'Attachment', {
      vpcId: vpc.vpcId,
      internetGatewayId: gateway.ref,
    });
    this.subnets = SUBNET_ADDRESSES.map((cidrBlock, index) => {
      const subnet = new PublicSubnet(this, `Subnet${index + 1}`, {
        vpcId: vpc.vpcId,
        availabilityZone: vpc.availabilityZones[index] ?? '',
        cidrBlock,
        // The task asks for an address of its own; nothing else that is put here gets one unasked.
        mapPublicIpOnLaunch: false,
      });
      subnet.addDefaultInternetRoute(gateway.ref, attachment);
      return subnet;
    });
  }
}
