import { classifyModelError, modelEvents, ModelStreamError } from '@holdfast/http/models';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const bodyOf = (...chunks: readonly (string | Uint8Array)[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(Buffer.from(chunk as string));
      controller.close();
    },
  });
async function read(body: ReadableStream<Uint8Array>) {
  const events: unknown[] = [];
  for await (const { event, data } of modelEvents(body)) events.push([event, data]);
  return events;
}

it('reads types, data in JSON and in lines, and comments as nothing', async () => {
  const text = ': hello\nevent: delta\ndata: {"a":1}\n\ndata: one\ndata:two\n\nid: 7\n\n';
  expect(await read(bodyOf(text))).toEqual([
    ['delta', { a: 1 }],
    ['message', 'one\ntwo'],
  ]);
});

it('ends at [DONE], and cancels what comes after', async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(Buffer.from('data: 1\n\ndata: [DONE]\n\n')),
    cancel: () => void (cancelled = true),
  });
  expect(await read(body)).toEqual([['message', 1]]);
  expect(cancelled).toBe(true);
});

it.each([
  ['event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n', 'overloaded'],
  ['data: {"error":{"message":"x","type":"server_error"}}\n\n', 'server'],
  ['data: {"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}\n\n', 'rate-limited'],
  ['data: {"type":"error","code":"server_error","message":"x","param":null}\n\n', 'server'],
  ['data: {"type":"response.failed","response":{"error":{"code":"invalid_prompt"}}}\n\n', 'content-filtered'],
  [
    'data: {"error":{"code":"429","message":"Requests have exceeded the call rate limit"}}\n\n',
    'rate-limited',
  ],
  ['event: response.failed\ndata: {"response":{"error":{"code":"rate_limit_exceeded"}}}\n\n', 'rate-limited'],
])('ends with an error when the provider sends one: %j', async (text, kind) => {
  const error = await read(bodyOf('data: 1\n\n', text)).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ModelStreamError);
  expect(classifyModelError(error).kind).toBe(kind);
});

it('takes nothing for an error that has none', async () => {
  const chunks = [
    '{"error":null,"type":"delta"}',
    '"error"',
    'null',
    '{"content_filter_results":{"error":{"code":"x"}}}',
  ];
  expect(await read(bodyOf(...chunks.map((data) => `data: ${data}\n\n`)))).toHaveLength(4);
});

it('ends with the error of the body', async () => {
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('reset')) });
  await expect(read(body)).rejects.toThrow('reset');
});

it('does not wait for the end of a line without one', async () => {
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(65)),
  });
  await expect(read(body)).rejects.toBeInstanceOf(ModelStreamError);
});

it('reads the same events however the bytes are cut and the lines are broken', async () => {
  const datum = fc.record({ text: fc.string({ unit: 'grapheme' }), n: fc.integer() });
  const cuts = fc.array(fc.nat(400), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(datum, { maxLength: 6 }),
      cuts,
      fc.constantFrom('\n', '\r\n', '\r'),
      async (data, at, eol) => {
        const bytes = Buffer.from(
          data.map((each) => `event: e${eol}data: ${JSON.stringify(each)}${eol}${eol}`).join(''),
        );
        const edges = [0, ...at.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
        expect(await read(bodyOf(...chunks))).toEqual(data.map((each) => ['e', each]));
      },
    ),
  );
});
