import { QUIRKS, type OidcFlavour } from './quirks.ts';

/** What of an answer can be changed. */
interface Answer {
  readonly path: string;
  status: number;
  body: unknown;
  type: string;
  get(name: string): string;
  set(name: string, value: string): void;
  readonly response: { get(name: string): string };
}

/** Makes of an answer what the provider would have answered. */
export function rewrite(answer: Answer, flavour: OidcFlavour, grantType: unknown): void {
  const { paths, isDiscoverable, namesItself } = QUIRKS[flavour];
  if (!namesItself) dropIssuer(answer);
  if (answer.path.startsWith('/.well-known/')) {
    if (!isDiscoverable) Object.assign(answer, { body: '', status: 404 });
    else if (!namesItself && typeof answer.body === 'object')
      answer.body = { ...answer.body, authorization_response_iss_parameter_supported: false };
  }
  if (answer.path !== paths.token || typeof answer.body !== 'object' || answer.body === null) return;
  if (flavour === 'google' && grantType === 'refresh_token') {
    const { refresh_token: _, ...rest } = answer.body as Readonly<Record<string, unknown>>;
    answer.body = rest;
  }
  if (flavour === 'github') asGithub(answer, answer.body as Readonly<Record<string, unknown>>);
}

/** GitHub says what failed with status 200, and puts all of it into a form unless asked for JSON. */
function asGithub(answer: Answer, body: Readonly<Record<string, unknown>>): void {
  if (answer.status >= 500) return;
  const { error, scope } = body;
  const shown =
    error === undefined
      ? {
          access_token: body['access_token'],
          token_type: 'bearer',
          scope: typeof scope === 'string' ? scope.replaceAll(' ', ',') : '',
        }
      : { error: error === 'invalid_grant' ? 'bad_verification_code' : error };
  answer.status = 200;
  if (answer.get('accept').includes('application/json')) answer.body = shown;
  else {
    answer.body = new URLSearchParams(shown as Record<string, string>).toString();
    answer.type = 'application/x-www-form-urlencoded';
  }
}

function dropIssuer(answer: Answer): void {
  const location = answer.response.get('location');
  if (!URL.canParse(location)) return;
  const url = new URL(location);
  if (!url.searchParams.has('iss')) return;
  url.searchParams.delete('iss');
  answer.set('location', url.href);
}
