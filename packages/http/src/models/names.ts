import type { ModelErrorKind } from './model-error.ts';

/**
 * What the APIs call their errors, in the form of {@link Evidence}. The first list that holds one of an error's names
 * decides, since many an error has two: `invalid_request_error` with the code `content_filter`.
 *
 * @see https://platform.openai.com/docs/guides/error-codes
 * @see https://learn.microsoft.com/azure/ai-services/openai/concepts/content-filter
 * @see https://docs.claude.com/en/api/errors
 * @see https://ai.google.dev/gemini-api/docs/troubleshooting
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
export const NAMES: readonly (readonly [ModelErrorKind, readonly string[]])[] = [
  ['aborted', ['aborterror', 'apiuseraborterror', 'cancelled', 'clientclosedrequest']],
  [
    'content-filtered',
    [
      'contentfilter',
      'contentfiltered',
      'contentpolicyviolation',
      'imagecontentpolicyviolation',
      'moderationblocked',
      'invalidprompt',
      'responsibleaipolicyviolation',
      'guardrailintervened',
      'refusal',
      'safety',
      'imagesafety',
      'prohibitedcontent',
      'imageprohibitedcontent',
      'blocklist',
      'recitation',
      'spii',
    ],
  ],
  [
    'quota-exhausted',
    [
      'insufficientquota',
      'creditbalanceexhausted',
      'organizationspendlimitexceeded',
      'projectspendlimitexceeded',
      'organizationusagelimitexceeded',
      'billinghardlimitreached',
      'enforcedspendlimitreached',
      'billingerror',
      'quotaexceeded',
      'budgetexceeded',
    ],
  ],
  [
    'authentication',
    [
      'authenticationerror',
      'permissionerror',
      'invalidapikey',
      'apikeyinvalid',
      'invalidauthentication',
      'unauthenticated',
      'permissiondenied',
      'accessdeniedexception',
      'unrecognizedclientexception',
      'expiredtokenexception',
      'invalidsignatureexception',
    ],
  ],
  [
    'timeout',
    [
      'timeouterror',
      'apiconnectiontimeouterror',
      'modeltimeoutexception',
      'deadlineexceeded',
      'requesttimeout',
    ],
  ],
  [
    'overloaded',
    [
      'overloadederror',
      'overloaded',
      'engineoverloaded',
      'unavailable',
      'serviceunavailable',
      'serviceunavailableexception',
      'modelnotreadyexception',
    ],
  ],
  [
    'rate-limited',
    [
      'ratelimiterror',
      'ratelimitexceeded',
      'slowdown',
      'resourceexhausted',
      'toomanyrequests',
      'toomanyrequestsexception',
      'throttlingexception',
      'servicequotaexceededexception',
    ],
  ],
  [
    'server',
    [
      'apierror',
      'servererror',
      'internal',
      'internalservererror',
      'internalserverexception',
      'internalfailure',
      'modelerrorexception',
      'modelstreamerrorexception',
      'apiconnectionerror',
      'conflicterror',
    ],
  ],
  [
    'invalid-request',
    [
      'invalidrequesterror',
      'invalidargument',
      'failedprecondition',
      'outofrange',
      'validationexception',
      'notfound',
      'notfounderror',
      'modelnotfound',
      'resourcenotfoundexception',
      'requesttoolarge',
      'contextlengthexceeded',
    ],
  ],
];

/** What a status means where the body says nothing, e.g. that of a proxy. 529 is Anthropic's for being overloaded. */
export function kindOfStatus(status: number): ModelErrorKind | undefined {
  if (status < 400) return undefined;
  const known = STATUSES[status];
  return known ?? (status >= 500 ? 'server' : 'invalid-request');
}

const STATUSES: Readonly<Record<number, ModelErrorKind>> = {
  401: 'authentication',
  402: 'quota-exhausted',
  403: 'authentication',
  408: 'timeout',
  409: 'server',
  424: 'server',
  429: 'rate-limited',
  499: 'aborted',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};
