import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';

/** Subnets and security groups of a function inside the VPC. */
export interface VpcPlacement {
  readonly vpc: IVpc;
  readonly vpcSubnets: SubnetSelection;
  readonly securityGroups: ISecurityGroup[];
}

/** Where functions that query the database run: inside the VPC, or outside any. */
export type FunctionPlacement = VpcPlacement | typeof OUTSIDE_VPC;

/** With an external database there is no VPC: functions reach the database over the internet. */
export const OUTSIDE_VPC: Readonly<Record<never, never>> = {};
