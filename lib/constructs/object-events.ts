import type { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

export interface ObjectEventsProps {
  readonly description: string;
  /** A bucket that notifies EventBridge. */
  readonly bucket: IBucket;
  readonly prefix: string;
  /** Receives the event of each new object as EventBridge sends it. The caller configures its retries. */
  readonly handler: ServiceFunction;
  /** How long an event is retried. */
  readonly maxEventAge: Duration;
  readonly deadLetters: IQueue;
}

/** Calls a function for each new object below a prefix. An event may arrive twice. */
export function sendNewObjects(scope: Construct, id: string, props: ObjectEventsProps): void {
  const { description, bucket, prefix, handler, maxEventAge, deadLetters } = props;
  new Rule(scope, id, {
    description,
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucket.bucketName] }, object: { key: [{ prefix }] } },
    },
    targets: [new LambdaFunction(handler, { maxEventAge, retryAttempts: 2, deadLetterQueue: deadLetters })],
  });
}
