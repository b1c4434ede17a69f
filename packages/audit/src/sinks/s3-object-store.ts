import { check, having, readOptions, type, type Rules } from '@holdfast/pipeline';
import type { ObjectStore } from './object-store.ts';

/** What is put, in the words of S3. */
export interface S3Object {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: Uint8Array;
  readonly ContentType: string;
  readonly CacheControl: string;
}

/** The part of an `S3Client` that is used. */
export interface S3Sender {
  send(command: object, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

/** Options of {@link s3ObjectStore}. */
export interface S3ObjectStoreOptions {
  /** An `S3Client` of `@aws-sdk/client-s3`. */
  readonly client: S3Sender;
  /** The class of that name, from the same package. */
  readonly PutObjectCommand: new (object: S3Object) => object;
  /** The bucket, which has to exist. */
  readonly bucket: string;
  /** What comes before every key, e.g. `audit/`. Default nothing. */
  readonly prefix?: string | undefined;
  /** More of what `PutObject` takes, e.g. how objects are encrypted or locked. */
  readonly put?: Readonly<Record<string, unknown>> | undefined;
}

const rules: Rules<S3ObjectStoreOptions> = {
  client: having('send'),
  PutObjectCommand: type('function'),
  bucket: type('string'),
  prefix: type('string'),
  put: type('object'),
};

/**
 * Keeps objects in S3, or in what speaks its language, through the client of `@aws-sdk/client-s3`.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
 * import { s3ObjectStore } from '@holdfast/audit/sinks';
 *
 * const store = s3ObjectStore({ client: new S3Client(), PutObjectCommand, bucket: 'audit', prefix: 'prod/' });
 * ```
 */
export function s3ObjectStore(options: S3ObjectStoreOptions): ObjectStore {
  const settings = readOptions('s3ObjectStore', options, rules, { prefix: '' });
  const { client, PutObjectCommand, bucket, prefix, put } = settings;
  for (const name of ['client', 'PutObjectCommand', 'bucket'] as const) {
    check(`s3ObjectStore: ${name}`, settings[name], rules[name]);
  }
  return {
    async put({ key, body, contentType, cacheControl }, signal) {
      const object = { Key: prefix + key, Body: body, ContentType: contentType, CacheControl: cacheControl };
      await client.send(new PutObjectCommand({ ...put, Bucket: bucket, ...object }), { abortSignal: signal });
    },
  };
}
