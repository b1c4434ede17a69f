import { createRequire } from 'node:module';

/** What OTLP carries. */
export type Signal = 'traces' | 'metrics' | 'logs';

/** One span, metric or log record, with what it came with. */
export interface OtlpItem {
  /** The attributes of what sent it, such as `service.name`. */
  readonly resource: Readonly<Record<string, unknown>>;
  /** The name of the library that made it. */
  readonly scope: string;
  /** The name of a span or metric; of a log record its event name. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The whole of it, as the JSON of protobuf has it: bytes in base64 unless JSON was sent, numbers of 64 bits as text. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The fields under which a signal nests: resources, in them scopes, in them items. */
const FIELDS: Readonly<Record<Signal, readonly [resources: string, scopes: string, items: string]>> = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
};

interface Decoder {
  decode(bytes: Uint8Array): { toJSON(): unknown };
}

type Decoders = Readonly<Record<string, { readonly v1: Readonly<Record<string, Decoder>> }>>;

const MESSAGES: Readonly<Record<Signal, readonly [service: string, message: string]>> = {
  traces: ['trace', 'ExportTraceServiceRequest'],
  metrics: ['metrics', 'ExportMetricsServiceRequest'],
  logs: ['logs', 'ExportLogsServiceRequest'],
};

/** Makes the decoders of protobuf, as OpenTelemetry compiled them; they have no types. */
export function createDecoder(): (signal: Signal, bytes: Uint8Array) => unknown {
  const { opentelemetry } = createRequire(import.meta.url)('otlp-decoders/build/src/generated/root.js') as {
    readonly opentelemetry: { readonly proto: { readonly collector: Decoders } };
  };
  return (signal, bytes) => {
    const [service, message] = MESSAGES[signal];
    return opentelemetry.proto.collector[service]?.v1[message]?.decode(bytes).toJSON();
  };
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects in a list that a message has under a name; none where it is absent. */
function objectsOf(message: unknown, field: string): readonly Json[] {
  const list = isObject(message) ? message[field] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** The items of a decoded message, each with what it came with. */
export function itemsOf(signal: Signal, message: unknown): readonly OtlpItem[] {
  const [resources, scopes, items] = FIELDS[signal];
  return objectsOf(message, resources).flatMap((resource) =>
    objectsOf(resource, scopes).flatMap((scope) =>
      objectsOf(scope, items).map((raw) => ({
        resource: attributesOf(resource['resource']),
        scope: textOf(scope['scope'], 'name'),
        name: textOf(raw, 'name') || textOf(raw, 'eventName'),
        attributes: attributesOf(raw),
        raw,
      })),
    ),
  );
}

function textOf(message: unknown, field: string): string {
  const value = isObject(message) ? message[field] : undefined;
  return typeof value === 'string' ? value : '';
}

function attributesOf(message: unknown): Readonly<Record<string, unknown>> {
  const pairs = objectsOf(message, 'attributes').map(
    ({ key, value }) => [String(key), plain(value)] as const,
  );
  return Object.fromEntries(pairs);
}

/** A value of OTLP as JavaScript has it. */
function plain(value: unknown): unknown {
  if (!isObject(value)) return undefined;
  const { arrayValue, kvlistValue, intValue } = value;
  if (isObject(arrayValue)) return objectsOf(arrayValue, 'values').map(plain);
  if (isObject(kvlistValue)) return attributesOf({ attributes: kvlistValue['values'] });
  return intValue === undefined ? Object.values(value)[0] : Number(intValue);
}
