import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { GROUPS, type Group } from '../../functions/api/groups.ts';
import { GATEWAY_ROUTES } from '../../functions/api/routes.ts';
import { ENV } from '../../functions/shared/constants.ts';
import { ApiFunction } from '../constructs/api-function.ts';
import type { Size } from '../settings.ts';
import type { DataStack } from './data.ts';
import type { NetworkStack } from './network.ts';

/** Requests a second that the API takes: each function in flight holds one connection of the database. */
const THROTTLES = {
  small: { rateLimit: 20, burstLimit: 40 },
  scale: { rateLimit: 500, burstLimit: 1000 },
} as const satisfies Record<Size, object>;

/** What the access log says of a request: never a header, a query or a body. */
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

export interface ApiStackProps extends StackProps {
  readonly network: NetworkStack;
  readonly data: DataStack;
  readonly size: Size;
}

/** JSON over HTTPS: one function a group of endpoints. */
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

    const functions = this.#functions(network, data);
    for (const { method, path, name } of GATEWAY_ROUTES) {
      this.api.addRoutes({ path, methods: [HttpMethod[method]], integration: functions[name] });
    }

    new CfnOutput(this, 'ApiUrl', { value: stage.url });
  }

  /** A function a group, as what routes lead to. */
  #functions(network: NetworkStack, data: DataStack): Record<Group, HttpLambdaIntegration> {
    const made = GROUPS.map((group) => {
      const id = `${group.charAt(0).toUpperCase()}${group.slice(1)}Function`;
      const handler = new ApiFunction(this, id, { group, ...network.placement })
        .useDatabaseLogin(ENV.apiDatabaseSecret, data.secrets.api)
        .useSigningKeys(data.signingKeys, this.api.apiEndpoint);
      if (group === 'admin') {
        // Changing the active model is the training role's, with the releases at hand.
        handler
          .useDatabaseLogin(ENV.trainingDatabaseSecret, data.secrets.training)
          .useModelObjects(data.modelObjects);
      }
      return [group, new HttpLambdaIntegration(`${id}Integration`, handler)] as const;
    });
    return Object.fromEntries(made) as Record<Group, HttpLambdaIntegration>;
  }
}
