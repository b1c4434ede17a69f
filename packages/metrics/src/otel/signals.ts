/** Which signals the environment asks to be sent. */
export interface Signals {
  readonly traces: boolean;
  readonly metrics: boolean;
  readonly logs: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the variables of the OpenTelemetry specification. An SDK would send to localhost where nothing is said; a
 * service that says nothing has no collector.
 */
export function signalsWanted(env: Environment): Signals {
  const wanted = (signal: string): boolean => {
    if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false;
    const exporter = env[`OTEL_${signal}_EXPORTER`];
    if (isSet(exporter)) return exporter.trim() !== 'none';
    return isSet(env['OTEL_EXPORTER_OTLP_ENDPOINT']) || isSet(env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]);
  };
  return { traces: wanted('TRACES'), metrics: wanted('METRICS'), logs: wanted('LOGS') };
}

/** The specification treats an empty variable as one that is not set. */
function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}
