/** Placeholders that the samples of the documentation use without explaining them. */

interface User {
  readonly id: string;
  readonly name: string;
}

interface Message {
  readonly id: number;
  readonly text: string;
}

declare function fetchUser(id: string, signal?: AbortSignal): Promise<User>;
declare function chargeCard(amount: number, options: { readonly signal: AbortSignal }): Promise<string>;
declare function openCompletion(
  prompt: string,
  options: { readonly signal: AbortSignal },
): Promise<AsyncIterable<Message>>;
declare function readMessages(
  after: number,
  options: { readonly signal: AbortSignal },
): AsyncIterable<Message>;
