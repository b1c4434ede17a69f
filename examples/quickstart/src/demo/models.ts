import type { ServerResponse } from 'node:http';
import type { Dialect } from './dialect.ts';

/** The answers of three big model APIs, in the shapes that they document. */

function sendJson(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

const TEXT = 'Tea, please.';

/** Answers `POST /v1/messages` as Anthropic does; fails as overloaded, with the status 529. */
export const anthropic: Dialect = {
  answer: (response) =>
    sendJson(response, 200, {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: TEXT }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 12, output_tokens: 4 },
    }),
  fail: (response) =>
    sendJson(response, 529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
};

/** Answers `POST /v1/chat/completions` as OpenAI does; fails with 429, and says when to come again. */
export const openai: Dialect = {
  answer: (response) =>
    sendJson(response, 200, {
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 12, completion_tokens: 4, total_tokens: 16 },
    }),
  fail: (response) =>
    sendJson(
      response,
      429,
      {
        error: { message: 'Rate limit reached', type: 'requests', param: null, code: 'rate_limit_exceeded' },
      },
      { 'retry-after-ms': '400' },
    ),
};

/** Answers `POST /v1beta/models/MODEL:generateContent` as Google does; fails with 503. */
export const google: Dialect = {
  answer: (response) =>
    sendJson(response, 200, {
      candidates: [{ content: { role: 'model', parts: [{ text: TEXT }] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 4, totalTokenCount: 16 },
    }),
  fail: (response) =>
    sendJson(response, 503, {
      error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' },
    }),
};
