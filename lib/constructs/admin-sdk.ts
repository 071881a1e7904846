/** What the administrators' function uses of the SDK: its clients share most of their code, and so one file. */
export { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
export * from './api-sdk.ts';
