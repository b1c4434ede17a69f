import { BodyWatch, type WatchOptions } from './body-watch.ts';

const UTF_8 = new TextDecoder();

/** Ways to read a whole body that take no more than its bytes. */
const DECODERS = {
  arrayBuffer: (bytes: Uint8Array<ArrayBuffer>) => bytes.buffer,
  bytes: (bytes: Uint8Array<ArrayBuffer>) => bytes,
  json: (bytes: Uint8Array<ArrayBuffer>) => JSON.parse(UTF_8.decode(bytes)) as unknown,
  text: (bytes: Uint8Array<ArrayBuffer>) => UTF_8.decode(bytes),
};

/** Where a response keeps its watch: a weak map would cost the collector more than all the rest. */
const WATCH = Symbol('watch');

type Watched = Response & { [WATCH]: BodyWatch };

/**
 * Puts bodies under watch. The response stays the one that `fetch` made (platforms refuse any other where one is
 * handed back to them); only what leads to its body goes through a guarded copy, made when first asked for.
 */
export class BodyGuard {
  /** One for each kind of response: platforms and stand-ins have their own. */
  private readonly prototypes = new WeakMap<object, object>();

  /** @returns whether there is a body to be watched; `onOver` is called only then */
  watch(response: Response, options: WatchOptions): boolean {
    const source = response.body;
    if (source === null || source.locked || WATCH in response) return false;
    (response as Watched)[WATCH] = new BodyWatch(response, source, options);
    const base = Object.getPrototypeOf(response) as object;
    let prototype = this.prototypes.get(base);
    if (prototype === undefined) this.prototypes.set(base, (prototype = this.prototypeOver(base)));
    Object.setPrototypeOf(response, prototype);
    return true;
  }

  private prototypeOver(base: object): object {
    const properties: PropertyDescriptorMap & ThisType<Response> = {
      body: {
        get() {
          return (this as Watched)[WATCH].body;
        },
      },
      bodyUsed: {
        get() {
          return (this as Watched)[WATCH].used;
        },
      },
      clone: {
        value() {
          return (this as Watched)[WATCH].copy.clone();
        },
      },
    };
    for (const name of ['blob', 'formData'] as const) {
      properties[name] = {
        async value(this: Response) {
          return (this as Watched)[WATCH].copy[name]() as Promise<unknown>;
        },
      };
    }
    for (const [name, decode] of Object.entries(DECODERS)) {
      properties[name] = {
        async value(this: Response) {
          return decode(await (this as Watched)[WATCH].bytes());
        },
      };
    }
    return Object.create(base, properties) as object;
  }
}
