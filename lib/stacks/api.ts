import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  HttpMethod,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { API_FUNCTIONS, type ApiFunctionName } from '../../functions/api/core/groups.ts';
import { GATEWAY_ROUTES } from '../../functions/api/routes.ts';
import {
  ENV,
  LOOKUP_REPLIES_PREFIX,
  LOOKUPS_PREFIX,
  RUN_REQUESTS_PREFIX,
} from '../../functions/shared/constants.ts';
import { ApiFunction } from '../constructs/api-function.ts';
import { apiConcurrency, MCP_CONCURRENCY, REPLAY_CONCURRENCY } from '../constructs/connections.ts';
import { DeadLetters } from '../constructs/dead-letters.ts';
import { callAtRate } from '../constructs/function-schedule.ts';
import { sendNewObjects } from '../constructs/object-events.ts';
import type { FunctionPlacement } from '../constructs/placement.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { useVendors } from '../constructs/vendor-variables.ts';
import type { Settings, Size } from '../settings.ts';
import type { DataStack } from './data.ts';
import type { PipelineStack } from './pipeline.ts';

/** Request limits of the API, per second: each concurrent request holds a database connection. */
const THROTTLES = {
  small: { rateLimit: 20, burstLimit: 40 },
  scale: { rateLimit: 500, burstLimit: 1000 },
} as const satisfies Record<Size, object>;

/** Limits of requests for replays, per second. They are low because each request runs a model. */
const REPLAY_THROTTLE = { rateLimit: 1, burstLimit: 5 };

/** Functions with a reserved concurrency of their own. */
const APART: readonly ApiFunctionName[] = ['replay', 'mcp'];

/** Logins that share the API's other connections: one per function, and a second one for admin. */
const LOGINS = API_FUNCTIONS.filter((name) => !APART.includes(name)).length + 1;

/** How the function that replays calls differs from those of other groups. Its first request loads a release. */
const REPLAY_FUNCTION = {
  onnxruntime: true,
  reservedConcurrentExecutions: REPLAY_CONCURRENCY,
  timeout: Duration.seconds(25),
  // A whole processor, as Infer has.
  memorySize: 1769,
};

/** Fields of the access log. It contains no headers, no queries and no bodies. */
const ACCESS_LOG = {
  requestId: AccessLogField.contextRequestId(),
  time: AccessLogField.contextRequestTime(),
  sourceIp: AccessLogField.contextIdentitySourceIp(),
  method: AccessLogField.contextHttpMethod(),
  route: AccessLogField.contextRouteKey(),
  status: AccessLogField.contextStatus(),
  responseLength: AccessLogField.contextResponseLength(),
  latency: AccessLogField.contextResponseLatency(),
  integrationError: AccessLogField.contextIntegrationErrorMessage(),
};

/** How long a request for a run is retried: its administrator does not wait longer. */
const REQUEST_AGE = Duration.minutes(1);

export interface ApiStackProps extends StackProps {
  readonly placement: FunctionPlacement;
  readonly data: DataStack;
  readonly pipeline: PipelineStack;
  readonly settings: Settings;
}

/** The HTTP API, with one function per group of endpoints, and one for assistants. */
export class ApiStack extends Stack {
  readonly api: HttpApi;
  /** Renews the keys that sign access tokens. */
  readonly renewal: ServiceFunction;
  /** Starts the runs that administrators request. */
  readonly starter: ServiceFunction;
  /** Renewals of the keys and requests for runs that failed in every attempt. */
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    const { placement, data, pipeline, settings, ...rest } = props;
    super(scope, id, { description: 'Boursomatic: the HTTP API', ...rest });

    this.api = new HttpApi(this, 'Api', { createDefaultStage: false });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLES[settings.size],
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLogs', {
            retention: RetentionDays.THREE_MONTHS,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });

    const functions = this.#functions(props);
    for (const { method, path, name } of GATEWAY_ROUTES) {
      const routes = this.api.addRoutes({
        path,
        methods: [HttpMethod[method]],
        integration: functions[name],
      });
      if (name === 'replay') limitRoute(stage, `${method} ${path}`, routes);
    }
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.renewal = this.#renewSigningKeys(data.signingKeys);
    this.starter = this.#startRequestedRuns(data.runRequests, pipeline.stateMachine);
    this.#lookUpSymbols(data.runRequests, settings);

    new CfnOutput(this, 'ApiUrl', { value: stage.url, description: 'Base URL of the API' });
  }

  /** One integration per function. */
  #functions({ placement, data, settings }: ApiStackProps): Record<ApiFunctionName, HttpLambdaIntegration> {
    const integrations = API_FUNCTIONS.map((name) => {
      const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}Function`;
      const handler = new ApiFunction(this, id, {
        name,
        reservedConcurrentExecutions: apiConcurrency(settings.size, LOGINS),
        ...(name === 'replay' && REPLAY_FUNCTION),
        ...(name === 'mcp' && { reservedConcurrentExecutions: MCP_CONCURRENCY[settings.size] }),
        ...placement,
      })
        .useDatabaseLogin(ENV.apiDatabaseSecret, data.secrets.api)
        .useProxy(data.proxyHost)
        .useSigningKeys(data.signingKeys, this.api.apiEndpoint);
      if (name === 'admin') {
        // Only the training role may change the active model, and it verifies the release first.
        handler
          .useDatabaseLogin(ENV.trainingDatabaseSecret, data.secrets.training)
          .useModelObjects(data.modelObjects, 'read')
          .useRunRequests(data.runRequests);
      }
      if (name === 'account' || name === 'mcp') {
        handler.useRunRequests(data.runRequests, { read: [LOOKUP_REPLIES_PREFIX], write: [LOOKUPS_PREFIX] });
        handler.addEnvironment(ENV.instrumentAdders, settings.following);
        handler.addEnvironment(ENV.addedInstrumentsLimit, String(settings.followingLimit));
      }
      if (name === 'account') handler.addEnvironment(ENV.alertsFrom, settings.alertsFrom ?? '');
      if (name === 'replay') handler.useModelObjects(data.modelObjects, 'read');
      return [name, new HttpLambdaIntegration(`${id}Integration`, handler)] as const;
    });
    return Object.fromEntries(integrations) as Record<ApiFunctionName, HttpLambdaIntegration>;
  }

  /**
   * Adds the function that creates and renews the keys. It runs outside the VPC, where access to Secrets Manager costs
   * nothing. No function that handles requests may write the secret.
   */
  #renewSigningKeys(secret: ISecret): ServiceFunction {
    const renewal = new ServiceFunction(this, 'RenewKeysFunction', {
      entry: 'api/auth/renew-keys.lambda.ts',
      timeout: Duration.seconds(30),
      memorySize: 256,
    }).renewSigningKeys(secret);
    // The first call creates the keys just after the deployment.
    callAtRate(this, 'KeyRenewal', {
      description: 'Creates the keys that sign access tokens, and renews them when they are old',
      rate: Duration.days(1),
      handler: renewal,
      maxEventAge: Duration.hours(6),
      deadLetters: this.deadLetters,
    });
    return renewal;
  }

  /** Adds the function that starts requested runs. The VPC has no route to Step Functions (docs/adr/0015). */
  #startRequestedRuns(requests: IBucket, stateMachine: IStateMachine): ServiceFunction {
    const starter = new ServiceFunction(this, 'StartRunFunction', {
      entry: 'api/admin/start-requested-run.lambda.ts',
      timeout: Duration.seconds(10),
      // An administrator waits for the reply.
      memorySize: 512,
    })
      .useRunRequests(requests)
      .startRunsOf(stateMachine)
      .retryEvents(REQUEST_AGE, this.deadLetters);
    sendNewObjects(this, 'RunRequested', {
      description: 'Starts the runs that administrators request',
      bucket: requests,
      prefix: RUN_REQUESTS_PREFIX,
      handler: starter,
      maxEventAge: REQUEST_AGE,
      deadLetters: this.deadLetters,
    });
    return starter;
  }

  /** Adds the function that asks the vendors about symbols that users want to follow. The VPC has no internet access. */
  #lookUpSymbols(requests: IBucket, settings: Settings): void {
    const lookup = new ServiceFunction(this, 'LookUpSymbolsFunction', {
      entry: 'ingest/look-up-symbols.lambda.ts',
      timeout: Duration.seconds(20),
      // A user waits for the reply.
      memorySize: 512,
      // One at a time keeps the pace that the vendors accept.
      reservedConcurrentExecutions: 1,
    })
      .useRunRequests(requests, {
        read: [LOOKUPS_PREFIX, LOOKUP_REPLIES_PREFIX],
        write: [LOOKUP_REPLIES_PREFIX],
      })
      .retryEvents(REQUEST_AGE, this.deadLetters);
    useVendors(lookup, settings);
    sendNewObjects(this, 'LookupRequested', {
      description: 'Looks up the symbols that users want to follow',
      bucket: requests,
      prefix: LOOKUPS_PREFIX,
      handler: lookup,
      maxEventAge: REQUEST_AGE,
      deadLetters: this.deadLetters,
    });
  }
}

/** Gives a route a lower limit than that of its stage. */
function limitRoute(stage: HttpStage, routeKey: string, routes: HttpRoute[]): void {
  const { rateLimit, burstLimit } = REPLAY_THROTTLE;
  // The stage's construct has no limits of single routes.
  (stage.node.defaultChild as CfnStage).routeSettings = {
    [routeKey]: { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit },
  };
  // API Gateway refuses settings of a route that does not exist yet.
  stage.node.addDependency(...routes);
}
