/** Where idempotency keys come from unless another source is given. */
export const randomKey = (): string => crypto.randomUUID();
