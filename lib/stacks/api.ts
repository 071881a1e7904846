import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ENV } from '../../functions/shared/constants.ts';
import { apiConcurrency } from '../constructs/connections.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { Surroundings } from '../constructs/surroundings.ts';
import type { Size } from '../settings.ts';
import type { DataStack } from './data.ts';

/** Requests a second that the API takes: each function in flight holds one connection of the database. */
const THROTTLES = {
  small: { rateLimit: 20, burstLimit: 40 },
  scale: { rateLimit: 500, burstLimit: 1000 },
} as const satisfies Record<Size, object>;

/** The functions that share the API's connections. */
const API_FUNCTIONS = 2;

/** What the access log says of a request: never a header, a query or a body. */
const ACCESS_LOG = {
  requestId: AccessLogField.contextRequestId(),
  time: AccessLogField.contextRequestTime(),
  sourceIp: AccessLogField.contextIdentitySourceIp(),
  route: AccessLogField.contextRouteKey(),
  status: AccessLogField.contextStatus(),
  responseLength: AccessLogField.contextResponseLength(),
  latency: AccessLogField.contextResponseLatency(),
  integrationError: AccessLogField.contextIntegrationErrorMessage(),
};

export interface ApiStackProps extends StackProps {
  readonly network: Surroundings;
  readonly data: DataStack;
  readonly size: Size;
}

/** JSON over HTTPS: one function a route. */
export class ApiStack extends Stack {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, { network, data, size, ...props }: ApiStackProps) {
    super(scope, id, { description: 'Boursomatic: the HTTP API', ...props });

    this.api = new HttpApi(this, 'Api', { createDefaultStage: false });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLES[size],
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

    const route = (functionId: string, path: string, entry: string) => {
      const handler = new ServiceFunction(this, functionId, {
        entry,
        // Within the 30 seconds that an HTTP API waits for an answer.
        timeout: Duration.seconds(15),
        memorySize: 512,
        reservedConcurrentExecutions: apiConcurrency(size, API_FUNCTIONS),
        ...network.placement,
      })
        .useDatabaseLogin(ENV.apiDatabaseSecret, data.secrets.api)
        .useProxy(data.proxyHost);
      this.api.addRoutes({
        path,
        methods: [HttpMethod.GET],
        integration: new HttpLambdaIntegration(`${functionId}Integration`, handler),
      });
    };
    route('HealthFunction', '/v1/health', 'api/health.lambda.ts');
    route('RecommendationsFunction', '/v1/recommendations', 'api/recommendations.lambda.ts');

    new CfnOutput(this, 'ApiUrl', { value: stage.url });
  }
}
