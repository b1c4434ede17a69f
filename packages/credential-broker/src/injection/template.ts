import type { Rule } from '@holdfast/pipeline';

const FIELD = /\{([A-Za-z0-9_.-]{1,64})\}/g;

/** The fields of a credential that a template names. */
export const fieldsOf = (template: string): readonly string[] =>
  [...template.matchAll(FIELD)].map(([, name = '']) => name);

/** A template with the values of its fields. What a value holds is not read again. */
export const render = (template: string, valueOf: (field: string) => string): string =>
  template.replaceAll(FIELD, (_, name: string) => valueOf(name));

/** A text without braces but those of its fields. */
export const isTemplate = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 1_024 && !/[{}\p{Cc}]/u.test(value.replaceAll(FIELD, ''));

/** A template that names a field. */
export const template: Rule = (value) =>
  isTemplate(value) && fieldsOf(value).length > 0
    ? undefined
    : 'must be text with a {field} of the credential';
