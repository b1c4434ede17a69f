import type { Credential } from '../backends/backend.ts';
import type { Redactor } from '../redaction/redactor.ts';
import { basicCredentials, secretFieldsOf } from './basic.ts';
import type { Draft } from './draft.ts';
import { InjectionError } from './injection-error.ts';
import type { Injection } from './injection-rule.ts';
import { place } from './place.ts';
import type { Plan } from './plan.ts';
import { fieldsOf } from './template.ts';

/**
 * Puts a credential into a request. Whatever goes into it is made known to the redactor first.
 *
 * @param forget - gets what makes the redactor forget it
 * @throws {@link InjectionError} `credential` when it has not what the rule wants, or what no answer can be kept free of
 */
export function fill(
  { rule, draft }: Plan,
  credential: Credential,
  redactor: Redactor,
  forget: (() => void)[],
): Draft {
  const valueOf = (field: string) => reveal(credential, field);
  for (const secret of rule.inject.flatMap((injection) => secretsOf(injection, valueOf))) {
    forget.push(register(redactor, secret));
  }
  return rule.inject.reduce((filled, injection) => place(filled, injection, valueOf), draft);
}

function secretsOf(injection: Injection, valueOf: (field: string) => string): readonly string[] {
  if (injection.into !== 'basic') return fieldsOf(injection.template).map(valueOf);
  // The redactor leaves those digits of base64 that depend on what is around a secret.
  return [...secretFieldsOf(injection).map(valueOf), basicCredentials(injection, valueOf)];
}

function reveal(credential: Credential, field: string): string {
  const secret = Object.hasOwn(credential, field) ? credential[field] : undefined;
  if (secret === undefined) throw new InjectionError('credential', `the credential has no field ${field}`);
  try {
    return secret.reveal();
  } catch {
    throw new InjectionError('credential', `the field ${field} of the credential is not text`);
  }
}

/** Blanks at the ends are left out: a header field has none there (RFC 9110, section 5.5), and many cut them off. */
function register(redactor: Redactor, secret: string): () => void {
  try {
    return redactor.register(secret.trim());
  } catch {
    const message = 'the credential has a secret that is too short or too long to be found in an answer';
    throw new InjectionError('credential', message);
  }
}
