/** What a text may be. */
export interface TextRule {
  /** It has to be there, and not be empty. */
  readonly required?: boolean;
  /** In UTF-16 code units. */
  readonly maxLength: number;
  /** What is longer is cut: it comes from clients, who must not be able to have their events refused. */
  readonly cut?: boolean;
}

/** An object of texts, in the order of their names. */
export interface Layout {
  /** How errors name what is before a field. */
  readonly prefix: string;
  readonly fields: readonly TextField[];
}

/** A text with its name. */
export interface TextField extends TextRule {
  readonly name: string;
}

const short = (name: string, maxLength = 256): TextField => ({ name, maxLength });
const long = (name: string): TextField => ({ name, maxLength: 1024 });
const needed = (field: TextField): TextField => ({ ...field, required: true });

const party = (name: string): Layout => ({
  prefix: `${name}.`,
  fields: [needed(short('id', 512)), short('name'), short('type')],
});

/**
 * The envelope: texts by name, and objects by layout. Texts are so short that an entry without details fits whatever
 * they hold.
 */
export const ENVELOPE = {
  action: needed(short('action')),
  actor: party('actor'),
  agent: party('agent'),
  id: short('id'),
  intent: short('intent'),
  onBehalfOf: party('onBehalfOf'),
  reason: long('reason'),
  requestId: short('requestId'),
  resource: { prefix: 'resource.', fields: [long('id'), short('name'), needed(short('type'))] },
  session: short('session'),
  tenant: needed(short('tenant')),
  traceId: short('traceId'),
  where: {
    prefix: 'where.',
    fields: [short('host'), short('ip'), short('service'), { ...long('userAgent'), cut: true }],
  },
} as const satisfies Record<string, TextField | Layout>;
