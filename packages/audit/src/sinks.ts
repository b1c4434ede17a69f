export type { Fetch } from './remote/fetch-bounded.ts';
export type { ObjectStore, StoredObject } from './sinks/object-store.ts';
export { sinkDefaults, type SinkOptions } from './sinks/options.ts';
export { otlpSink, type OtlpSinkOptions } from './sinks/otlp-sink.ts';
export { postgresSchema, type PostgresNames } from './sinks/postgres-schema.ts';
export { postgresSink, type PostgresClient, type PostgresSinkOptions } from './sinks/postgres-sink.ts';
export { runSink, type RunningSink, type SinkSource, type SinkStats } from './sinks/run-sink.ts';
export {
  s3ObjectStore,
  type S3Object,
  type S3ObjectStoreOptions,
  type S3Sender,
} from './sinks/s3-object-store.ts';
export type { AuditSink, SinkBatch } from './sinks/sink.ts';
export { AuditSinkError } from './sinks/sink-error.ts';
export { stdoutSink, type TextStream } from './sinks/stdout-sink.ts';
export { tileSink, type TileOwner, type TileSinkOptions } from './sinks/tile-sink.ts';
export { verifyWebhook, type WebhookCheck } from './sinks/webhook-signature.ts';
export { webhookSink, type WebhookSinkOptions } from './sinks/webhook-sink.ts';
