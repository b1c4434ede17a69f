import { check } from '@holdfast/pipeline';
import { pino, symbols, type Bindings, type ChildLoggerOptions, type Logger, type LoggerOptions } from 'pino';
import { openDestinations } from './destination.ts';
import { LogScopes, type LogContext } from './log-context.ts';
import { levelRule, readLoggingOptions, type LoggingOptions, type LogLevel } from './logging-options.ts';
import { redactFields, redactValue, secretNames, type IsSecret } from './redact.ts';

/** A logger, and what it is told while the process runs. */
export interface Logging {
  /** A logger of pino; its children follow the level unless they have one of their own. */
  readonly logger: Logger;
  /** The least level that is written. */
  readonly level: LogLevel;
  /**
   * Changes the level from now on.
   *
   * @throws {@link TypeError} when there is no such level
   */
  setLevel(level: LogLevel): void;
  /**
   * Runs a function, to the end of its promise, within a request: every line written meanwhile says which. Within a
   * context it adds to that.
   *
   * @returns what the function returned
   */
  run<T>(context: LogContext, body: () => T): T;
  /**
   * Opens files again by their names, making those that are gone: for `logrotate` and the like, which move them away.
   * Lines written before are in the old file, those after in the new one. After `close` it does nothing.
   *
   * @throws the error of the system when a file cannot be opened; lines then go on to the old one
   */
  reopen(): void;
  /** Closes files that were opened; lines that come later are dropped there. A second call does nothing. */
  close(): void;
}

/**
 * Makes a pino logger whose lines say which request they are for and tell no secrets.
 *
 * A field is a secret by its name: `password`, `accessToken`, `x-api-key`, `set-cookie` and the like, however deep, in
 * errors and children too. The text of messages is written as it is.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { createLogging } from '@holdfast/metrics/logging';
 *
 * const logging = createLogging({ service: 'agent-api' });
 * logging.run({ requestId: 'r-1', protocol: 'mcp', tenant: 'acme' }, () => {
 *   logging.logger.info({ tool: 'search', apiKey: 'k-123' }, 'called'); // apiKey: [redacted]
 * });
 * process.on('SIGHUP', () => logging.reopen()); // sent by logrotate
 * ```
 */
export function createLogging(options: LoggingOptions = {}): Logging {
  const { service, level, destinations, secrets, trace, clock } = readLoggingOptions(options);
  const scopes = new LogScopes(trace);
  const isSecret = secretNames(secrets);
  const opened = openDestinations(destinations);
  const logger = pino(
    {
      level,
      base: service === undefined ? null : { service },
      // pino writes what this returns as it is, so that the fields of a request cost no object per line.
      timestamp: () => ',"time":' + clock.wallNow() + scopes.text(),
      ...redaction(isSecret),
    },
    opened.stream,
  );
  coverOtherWays(logger, isSecret);
  let open = true;
  return {
    logger,
    get level() {
      return logger.level as LogLevel;
    },
    setLevel: (next) => {
      check('setLevel: level', next, levelRule);
      logger.level = next;
    },
    run: (context, body) => scopes.run(context, body),
    reopen: () => {
      if (open) opened.reopen();
    },
    close: () => {
      if (open) opened.close();
      open = false;
    },
  };
}

/** Hides secrets in the fields and the message of a line. */
function redaction(isSecret: IsSecret): LoggerOptions {
  return {
    formatters: { log: (fields) => redactFields(fields, isSecret) },
    serializers: {
      // Errors have become plain when they come here.
      err: (error: unknown) => error,
    },
  };
}

/** Without the levels of its own that a child may add, which the compiler cannot follow through `call`. */
type Child = (this: Logger, bindings: Bindings, options?: ChildLoggerOptions) => Logger;

/** How pino writes a line. */
type Write = (this: Logger, fields: unknown, message: unknown, level: number) => void;

/** Hides secrets in what pino lets past formatters: the bindings of children, and objects put into a message by %o. */
function coverOtherWays(logger: Logger, isSecret: IsSecret): void {
  const pinos = Object.getPrototypeOf(logger) as Logger;
  const write = (pinos as unknown as Record<symbol, Write>)[symbols.writeSym] as Write;
  // Children have their parent as prototype, so that they inherit all of this.
  Object.assign(logger, {
    child(this: Logger, bindings: Bindings, options?: ChildLoggerOptions) {
      return (pinos.child as unknown as Child).call(this, redactFields(bindings, isSecret), options);
    },
    setBindings(this: Logger, bindings: Bindings) {
      pinos.setBindings.call(this, redactFields(bindings, isSecret));
    },
    [symbols.writeSym](this: Logger, fields: unknown, message: unknown, level: number) {
      const shown = typeof message === 'object' ? redactValue(message, isSecret) : message;
      write.call(this, fields, shown, level);
    },
    [symbols.formatOptsSym]: {
      stringify: (value: unknown) => JSON.stringify(redactValue(value, isSecret)) as string | undefined,
    },
  });
}
