import { classifyModelError, type ClassifyOptions } from './classify-model-error.ts';
import type { ModelError } from './model-error.ts';

/** No error needs more. */
const MAX_CHARS = 65_536;

/**
 * Says what a response of a model API means that is not ok, by its status, its headers and its body, which is read.
 *
 * @returns `undefined` when the response is ok; its body is untouched then
 *
 * @example
 * ```ts
 * import { readModelError } from '@holdfast/http/models';
 *
 * const body = JSON.stringify({ type: 'error', error: { type: 'overloaded_error' } });
 * console.assert((await readModelError(new Response(body, { status: 529 })))?.kind === 'overloaded');
 * ```
 */
export async function readModelError(
  response: Response,
  options: ClassifyOptions = {},
): Promise<ModelError | undefined> {
  const { ok, status, headers } = response;
  if (ok) return undefined;
  const body = await beginningOf(response);
  return classifyModelError({ status, headers, body }, options);
}

/** A body that fails takes nothing from what the status said. */
async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
      text += decoder.decode(part.value, { stream: true });
      if (text.length >= MAX_CHARS) break;
    }
  } catch {
    return text;
  } finally {
    reader?.cancel().catch(() => {});
  }
  return text;
}
