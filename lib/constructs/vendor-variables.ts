import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { PROVIDERS } from '../../functions/ingest/providers/registry.ts';
import { variablesOf } from '../../functions/ingest/providers/variables.ts';
import { ENV } from '../../functions/shared/constants.ts';
import type { Settings } from '../settings.ts';
import type { ServiceFunction } from './service-function.ts';

/** Lets a function send requests to the vendors of a deployment: names them, and passes on their variables. */
export function useVendors(
  handler: ServiceFunction,
  { provider, providerVariables }: Pick<Settings, 'provider' | 'providerVariables'>,
): void {
  handler.addEnvironment(ENV.provider, provider);
  for (const [variable, { holds }] of variablesOf(PROVIDERS)) {
    const value = providerVariables[variable];
    if (value === undefined) continue;
    if (holds === 'secret')
      handler.useSecret(variable, Secret.fromSecretNameV2(handler.stack, variable, value));
    else handler.addEnvironment(variable, value);
  }
}
