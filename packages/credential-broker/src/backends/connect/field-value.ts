import { BackendError } from '../backend-error.ts';
import type { ItemField } from './item.ts';
import { openSshKey } from './open-ssh-key.ts';
import type { SecretReference } from './secret-reference.ts';

/** What a field is called in a credential: by its purpose where it has one, for labels are in the user's language. */
export function fieldName({ purpose, label, id }: ItemField): string {
  return purpose === '' ? label || id : purpose.toLowerCase();
}

/** Whether a field is one for one-time passwords. */
export const isOtp = ({ type }: ItemField) => type === 'OTP' || type === 'TOTP';

/**
 * What of a field is meant.
 *
 * @throws {@link BackendError} `not-found`, when the field has no such thing
 */
export function fieldValue(field: ItemField, { attribute, openSsh }: SecretReference): string {
  const value = openSsh ? (field.openSsh ?? openSshKey(field.value ?? '')) : attributeOf(field, attribute);
  if (value === undefined) throw new BackendError('not-found', 'the field has no such value');
  return value;
}

function attributeOf(field: ItemField, attribute: SecretReference['attribute']): string | undefined {
  switch (attribute) {
    case 'value':
      return field.value;
    case 'otp':
      return isOtp(field) ? field.otp : undefined;
    case 'title':
      return field.label;
    case 'id':
    case 'type':
    case 'purpose':
      return field[attribute];
    default:
      return attribute satisfies never;
  }
}

/** What a field contributes to its item as a whole: of one-time passwords the code, for with the seed anybody makes more. */
export const shownValue = (field: ItemField): string | undefined => (isOtp(field) ? field.otp : field.value);
