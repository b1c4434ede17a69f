/** The state of an item, and all that is in it, as the server answers it. */
export interface ConnectItem {
  readonly id: string;
  readonly title: string;
  readonly vault: { readonly id: string };
  readonly category: string;
  readonly tags?: readonly string[];
  readonly urls?: readonly { readonly href: string; readonly label?: string; readonly primary?: boolean }[];
  readonly favorite: boolean;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastEditedBy: string;
  readonly sections: readonly { readonly id: string; readonly label?: string }[];
  readonly fields: readonly ConnectField[];
  readonly files: readonly ConnectFile[];
}

/** A field of an item. */
export interface ConnectField {
  readonly id: string;
  readonly type: string;
  readonly purpose?: string;
  readonly label?: string;
  readonly value?: string;
  readonly section?: { readonly id: string };
}

/** A file of an item; its content is kept apart. */
export interface ConnectFile {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly content_path: string;
}

/** The kinds of item. */
export const CATEGORIES: ReadonlySet<string> = new Set([
  'API_CREDENTIAL',
  'BANK_ACCOUNT',
  'CREDIT_CARD',
  'CUSTOM',
  'DATABASE',
  'DOCUMENT',
  'DRIVER_LICENSE',
  'EMAIL_ACCOUNT',
  'IDENTITY',
  'LOGIN',
  'MEDICAL_RECORD',
  'MEMBERSHIP',
  'OUTDOOR_LICENSE',
  'PASSPORT',
  'PASSWORD',
  'REWARD_PROGRAM',
  'SECURE_NOTE',
  'SERVER',
  'SOCIAL_SECURITY_NUMBER',
  'SOFTWARE_LICENSE',
  'SSH_KEY',
  'WIRELESS_ROUTER',
]);

/** The kinds of field. */
export const FIELD_TYPES: ReadonlySet<string> = new Set([
  'CONCEALED',
  'DATE',
  'EMAIL',
  'MENU',
  'MONTH_YEAR',
  'OTP',
  'PHONE',
  'SSHKEY',
  'STRING',
  'URL',
]);

/** What a field may be for. */
export const PURPOSES: ReadonlySet<string> = new Set(['', 'USERNAME', 'PASSWORD', 'NOTES']);
