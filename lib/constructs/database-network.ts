import type { ISecurityGroup, IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';

/** The port that Postgres listens on. */
export const DATABASE_PORT = 5432;

/** The parts of the network that a managed database and its clients use. */
export interface DatabaseNetwork {
  readonly vpc: IVpc;
  readonly databaseSecurityGroup: SecurityGroup;
  /** Security group of the Secrets Manager endpoint; an ingress rule lets a client call Secrets Manager. */
  readonly endpointSecurityGroup: SecurityGroup;
  /** Security group of the functions that query the database. */
  readonly functionSecurityGroup: ISecurityGroup;
}
