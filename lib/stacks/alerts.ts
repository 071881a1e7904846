import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { BATCHES_PREFIX, ENV, RESULTS_PREFIX } from '../../functions/shared/constants.ts';
import { DELIVERY_CONCURRENCY } from '../constructs/connections.ts';
import { DeadLetters } from '../constructs/dead-letters.ts';
import { callAtRate } from '../constructs/function-schedule.ts';
import { sendNewObjects } from '../constructs/object-events.ts';
import type { FunctionPlacement } from '../constructs/placement.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data.ts';
import type { WebStack } from './web.ts';

/**
 * How often the outbox is read. A tick without messages costs two queries, and quiet hours, digests and retries then need
 * no other trigger.
 */
const TICK = Duration.minutes(1);

/** How long a batch is retried. A test compares it with the age at which the function refuses a batch. */
const BATCH_AGE = Duration.minutes(10);

/** How long results are retried: while the database is down, nobody else can claim their messages. */
const RESULTS_AGE = Duration.hours(6);

export interface AlertsStackProps extends StackProps {
  readonly placement: FunctionPlacement;
  readonly data: DataStack;
  /** The page, to which messages link. */
  readonly web: WebStack;
  readonly settings: Settings;
}

/**
 * Sends messages to users. One function reads and updates the outbox inside the VPC, another one sends outside of it,
 * without access to the database. They exchange objects of a bucket (docs/adr/0063).
 */
export class AlertsStack extends Stack {
  /** Ticks, batches and results that failed in every attempt. */
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: AlertsStackProps) {
    const { placement, data, web, settings, ...rest } = props;
    super(scope, id, { description: 'Boursomatic: messages to users', ...rest });

    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.#deliver(props);
    this.#send(props);
  }

  /** Adds the function that passes on the messages that are due, and notes the results. */
  #deliver({ placement, data, web, settings }: AlertsStackProps): void {
    const deliver = new ServiceFunction(this, 'DeliverFunction', {
      entry: 'alerts/deliver.lambda.ts',
      timeout: Duration.minutes(1),
      memorySize: 256,
      reservedConcurrentExecutions: DELIVERY_CONCURRENCY,
      environment: { [ENV.stage]: settings.stage, [ENV.pageUrl]: web.pageUrl },
      ...placement,
    })
      .useDatabaseLogin(ENV.apiDatabaseSecret, data.secrets.api)
      .useProxy(data.proxyHost)
      .useSecret(ENV.signingKeysSecret, data.signingKeys)
      .useDeliveries(data.deliveries, { read: [RESULTS_PREFIX], write: [BATCHES_PREFIX] });
    callAtRate(this, 'Tick', {
      description: 'Sends the messages to users that are due',
      rate: TICK,
      handler: deliver,
      maxEventAge: RESULTS_AGE,
      deadLetters: this.deadLetters,
    });
    sendNewObjects(this, 'ResultsStored', {
      description: 'Notes which messages to users were sent',
      bucket: data.deliveries,
      prefix: RESULTS_PREFIX,
      handler: deliver,
      maxEventAge: RESULTS_AGE,
      deadLetters: this.deadLetters,
    });
  }

  /** Adds the function that sends. It runs outside the VPC, and knows only the batches of messages. */
  #send({ data, settings: { alertsFrom } }: AlertsStackProps): void {
    const send = new ServiceFunction(this, 'SendFunction', {
      entry: 'alerts/send.lambda.ts',
      timeout: Duration.minutes(1),
      memorySize: 512,
      environment: { [ENV.alertsFrom]: alertsFrom ?? '' },
    })
      .useDeliveries(data.deliveries, {
        read: [BATCHES_PREFIX, RESULTS_PREFIX],
        write: [RESULTS_PREFIX],
      })
      .retryEvents(BATCH_AGE, this.deadLetters);
    if (alertsFrom !== undefined) {
      send.addToRolePolicy(
        new PolicyStatement({
          // SES requires this action for complete messages, also through its second API.
          actions: ['ses:SendRawEmail'],
          // In the sandbox, SES also checks the identity of the recipient.
          resources: [this.formatArn({ service: 'ses', resource: 'identity', resourceName: '*' })],
          conditions: { StringEquals: { 'ses:FromAddress': alertsFrom } },
        }),
      );
    }
    sendNewObjects(this, 'BatchStored', {
      description: 'Sends a batch of messages to users',
      bucket: data.deliveries,
      prefix: BATCHES_PREFIX,
      handler: send,
      maxEventAge: BATCH_AGE,
      deadLetters: this.deadLetters,
    });
  }
}
