import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { s3ObjectStore } from '../../src/sinks/s3-object-store.ts';

// A program of its own: the test runner resolves packages by a condition under which the SDK does not load.
const [, , endpoint = ''] = process.argv;
const client = new S3Client({
  endpoint,
  region: 'eu-west-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-secret' },
});
const put = { ServerSideEncryption: 'AES256' };
const store = s3ObjectStore({ client, PutObjectCommand, bucket: 'audit', prefix: 'prod/', put });
const { signal } = new AbortController();
const object = { body: Buffer.from('bytes'), contentType: 'text/plain', cacheControl: 'no-cache' };
await store.put({ ...object, key: 'acme/checkpoint' }, signal);
const late = store.put({ ...object, key: 'acme/late' }, AbortSignal.abort());
console.log(await late.then(() => 'stored', (error: Error) => error.name)); // prettier-ignore
client.destroy();
