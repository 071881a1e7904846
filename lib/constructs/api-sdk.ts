/** What the API's functions use of the SDK: bundled beside them, and loaded when a secret is read. */
export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
