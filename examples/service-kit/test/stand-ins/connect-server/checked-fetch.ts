import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

interface Described {
  readonly headers?: Readonly<Record<string, { readonly schema: object }>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
  readonly $ref?: string;
}

interface Description {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { responses: Record<string, Described> }>>>
  >;
  readonly components: { readonly responses: Readonly<Record<string, Described>> };
}

const file = new URL('../../../src/stand-ins/connect-server/openapi.yaml', import.meta.url);
const text: unknown = parse(readFileSync(file, 'utf8'));
const description = text as Description;
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ ...(text as object), $id: 'connect' });

const pointer = (...parts: readonly string[]) =>
  parts.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

/** Which answers were checked, as `method path status`. */
export const seen = new Set<string>();

/** All answers that the description has. */
export const described = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, { responses }]) =>
    Object.keys(responses).map((status) => `${method} ${path} ${status}`),
  ),
);

function templateOf(path: string): string {
  const found = Object.keys(description.paths).find((template) =>
    new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[a-z0-9]{26}')}/?$`).test(path),
  );
  if (found === undefined) throw new Error(`the description has no path for ${path}`);
  return found;
}

/** Says what is wrong with an answer, by the description; nothing where it is as described. */
export async function wrongWith(
  method: string,
  path: string,
  response: Response,
): Promise<string | undefined> {
  const [verb, status] = [method.toLowerCase(), String(response.status)];
  const template = templateOf(path);
  const given = description.paths[template]?.[verb]?.responses[status];
  if (given === undefined) return `${verb} ${template} has no ${status}`;
  const shared = given.$ref?.split('/').at(-1);
  const answer = shared === undefined ? given : description.components.responses[shared];
  const place =
    shared === undefined
      ? ['paths', template, verb, 'responses', status]
      : ['components', 'responses', shared];
  for (const [name, { schema }] of Object.entries(answer?.headers ?? {})) {
    if (!ajv.validate(schema, response.headers.get(name))) return `header ${name}: ${ajv.errorsText()}`;
  }
  seen.add(`${verb} ${template} ${status}`);
  if (answer?.content === undefined)
    return (await response.text()) === '' ? undefined : 'a body that is not described';
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  if (answer.content[type] === undefined) return `${verb} ${template} does not answer ${type}`;
  const body: unknown = type === 'application/json' ? await response.json() : await response.text();
  const validate = ajv.getSchema(`connect#${pointer(...place, 'content', type, 'schema')}`);
  if (validate === undefined) return 'no schema was found';
  return validate(body) === true ? undefined : ajv.errorsText(validate.errors);
}

/** Asks the stand-in, and fails where the answer is not as described. */
export async function checkedFetch(
  base: string,
  method: string,
  path: string,
  options: { token?: string; body?: unknown } = {},
) {
  const { token, body } = options;
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const wrong = await wrongWith(method, path.split('?')[0] ?? '', response.clone());
  if (wrong !== undefined) throw new Error(`${method} ${path} ${response.status}: ${wrong}`);
  return response;
}
