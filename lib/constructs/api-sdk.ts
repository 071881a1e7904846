/** The parts of the SDK that the API functions use. {@link ApiFunction} bundles this file separately. */
export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
