import { maySee, type AccessToken } from './access-token.ts';
import type { Activity } from './activity.ts';
import { ConnectError } from './connect-error.ts';
import type { ConnectItem } from './connect-item.ts';
import type { ConnectStore, ConnectVault } from './connect-store.ts';
import { parseFilter } from './filter.ts';
import { readItemInput } from './item-input.ts';
import { oneTimePassword } from './one-time-password.ts';
import { patchItem } from './patch-item.ts';

/** What a request asks for, after its token was let in. */
export interface Asked {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly token: AccessToken;
  readonly vault: string;
  readonly item: string;
  readonly file: string;
}

/** What is answered: JSON, or bytes. */
export interface Answered {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the routes work on. */
export interface RouteParts {
  readonly store: ConnectStore;
  readonly activity: Activity;
  readonly now: () => number;
}

type Handler = (asked: Asked, parts: RouteParts) => Answered;

/** One path, and what it answers by method. */
export interface Route {
  readonly pattern: RegExp;
  readonly methods: Readonly<Record<string, Handler>>;
}

const ok = (body: unknown): Answered => ({ status: 200, body });
const ID = '([a-z0-9]{26})';
const VAULT = `/v1/vaults/${ID}`;
const ITEM = `${VAULT}/items/${ID}`;
const FILE = `${ITEM}/files/${ID}`;
const at = (pattern: string) => new RegExp(`^${pattern}/?$`);

const named = <T>(all: Readonly<Record<string, T>>, name: string) =>
  Object.hasOwn(all, name) ? all[name] : undefined;

// The documentation speaks of the name of a vault, and 1Password's own client filters by its title.
const vaultValues = ({ name }: ConnectVault, attribute: string) =>
  named({ name: [name], title: [name] }, attribute);
const itemValues = ({ title, tags = [] }: ConnectItem, attribute: string) =>
  named<readonly string[]>({ title: [title], tag: tags }, attribute);

/** An item in a list: nothing of what is in it. */
function summary({ sections: _, fields: __, files: ___, ...item }: ConnectItem) {
  return item;
}

/** An item as it is answered: with the codes of the moment. */
function full(item: ConnectItem, { now }: RouteParts) {
  const fields = item.fields.map((field) =>
    field.type === 'OTP' && field.value !== undefined
      ? { ...field, totp: oneTimePassword(field.value, now()) }
      : field,
  );
  return { ...item, fields };
}

const listItems: Handler = ({ vault, query }, { store }) => {
  const filter = query.get('filter');
  const matches = filter === null ? () => true : parseFilter(filter, itemValues);
  return ok(store.listItems(vault).filter(matches).map(summary));
};

const writeItem: Handler = ({ vault, item, body }, parts) => {
  if (item !== '') parts.store.item(vault, item);
  return ok(full(parts.store.putItem(vault, readItemInput(body, vault), item || undefined), parts));
};

const patch: Handler = ({ vault, item, body }, parts) => {
  const patched = patchItem(parts.store.item(vault, item), body);
  return ok(full(parts.store.putItem(vault, readItemInput(patched, vault), item), parts));
};

function fileDetails({ vault, item, file, query }: Asked, { store }: RouteParts) {
  const inline = query.get('inline_files') === 'true';
  const files = store.item(vault, item).files.map((each) => ({
    ...each,
    ...(inline && { content: Buffer.from(store.fileContent(vault, item, each.id)).toString('base64') }),
  }));
  if (file === '') return ok(files);
  const found = files.find(({ id }) => id === file);
  if (found === undefined) throw new ConnectError(404, `file ${file} not found`);
  return ok(found);
}

const activity: Handler = ({ query }, parts) => {
  const number = (name: string, otherwise: number) => {
    const value = Number(query.get(name) ?? otherwise);
    if (!Number.isSafeInteger(value) || value < 0) throw new ConnectError(400, `Invalid ${name}`);
    return value;
  };
  const [offset, limit] = [number('offset', 0), number('limit', 50)];
  const { entries, total } = parts.activity.page(offset, limit);
  const range = `${Math.min(offset + 1, total)}-${offset + entries.length}/${total}`;
  return { status: 200, body: entries, headers: { 'content-range': range } };
};

const listVaults: Handler = ({ query, token }, { store }) => {
  const filter = query.get('filter');
  const matches = filter === null ? () => true : parseFilter(filter, vaultValues);
  return ok(store.listVaults().filter((vault) => maySee(token, vault.id) && matches(vault)));
};

/** Everything behind a token. */
export const ROUTES: readonly Route[] = [
  { pattern: at('/v1/activity'), methods: { GET: activity } },
  { pattern: at('/v1/vaults'), methods: { GET: listVaults } },
  { pattern: at(VAULT), methods: { GET: ({ vault }, { store }) => ok(store.vault(vault)) } },
  { pattern: at(`${VAULT}/items`), methods: { GET: listItems, POST: writeItem } },
  {
    pattern: at(ITEM),
    methods: {
      GET: ({ vault, item }, parts) => ok(full(parts.store.item(vault, item), parts)),
      PUT: writeItem,
      PATCH: patch,
      DELETE: ({ vault, item }, { store }) => {
        store.removeItem(vault, item);
        return { status: 204 };
      },
    },
  },
  { pattern: at(`${ITEM}/files`), methods: { GET: fileDetails } },
  { pattern: at(FILE), methods: { GET: fileDetails } },
  {
    pattern: at(`${FILE}/content`),
    methods: { GET: ({ vault, item, file }, { store }) => ok(store.fileContent(vault, item, file)) },
  },
];
