export { createLogging, type Logging } from './logging/create-logging.ts';
export type { LogDestination, LogFile, LogSink } from './logging/destination.ts';
export type { LogContext } from './logging/log-context.ts';
export { loggingDefaults, type LoggingOptions, type LogLevel } from './logging/logging-options.ts';
