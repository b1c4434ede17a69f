import { randomUUID } from 'node:crypto';

/** A new id for an event, unlike any other. */
export const newEventId: () => string = () => randomUUID();
