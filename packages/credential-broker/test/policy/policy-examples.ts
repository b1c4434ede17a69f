/** Policies that are right, as files hold them. */
export const GOOD = [
  'rules: []',
  '{"rules": []}',
  'rules:\n  - id: orders\n    tenants: [acme]\n    refs: ["op://prod/orders-*"]\n',
  `rules:
  # Everything that a rule can say.
  - id: all
    effect: allow
    tenants: ['acme', 'team-*']
    refs: ['op://prod/**']
    resourceTypes: [database, api, ssh, generic]
    principals: ['agent-*']
    principalTypes: [agent, workload, user]
    roles: [support]
    scopes: [read, write]
    audiences: ['https://**']
    modes: [reference, sealed, injected, disclose]
    ttlSeconds: 60
    maxTtlSeconds: 600
    approval: third-party
    oneTime: false
    proof: true
  - { id: none, effect: deny, tenants: ['**'], refs: ['op://root/**'], modes: [disclose] }
`,
];

/** Policies that are wrong: the text, and the first mistake with its line and column. */
export const BAD: readonly (readonly [text: string, mistake: string])[] = [
  ['{}', '1:1: must have rules'],
  ['rules: 7', '1:8: rules must be a list of at most 100000, got a number'],
  ['rules: []\nrule: []\n', '2:1: rule is no field of a policy; it has rules'],
  ['rules:\n  - id: a\n    tenants: [t]\n', '2:5: rules[0] must have refs'],
  ['rules:\n  - id: a\n    tenants: [t]\n    refs: []\n', '4:11: rules[0].refs must not be empty'],
  [
    'rules:\n  - id: a\n    tenants: [t]\n    refs: [x]\n    reffs: [y]\n',
    '5:5: rules[0].reffs is no field of a rule',
  ],
  [
    'rules:\n  - id: a\n    tenants: [t]\n    refs: [x, ""]\n',
    '4:15: rules[0].refs[1] must be a string of 1 to 512 characters, got a string of length 0',
  ],
  [
    'rules:\n  - id: a\n    tenants: [t]\n    refs: [x]\n    ttlSeconds: .nan\n',
    '5:17: rules[0].ttlSeconds must be an integer >= 1 and <= 86400, got NaN',
  ],
  [
    'rules:\n  - id: a\n    tenants: [t]\n    refs: [x]\n    ttlSeconds: 1e400\n',
    '5:17: rules[0].ttlSeconds must be an integer >= 1 and <= 86400, got Infinity',
  ],
  [
    'rules:\n  - id: a\n    tenants: [t]\n    refs: [x]\n    oneTime: yes\n',
    '5:14: rules[0].oneTime must be a boolean, got "yes"',
  ],
  [
    '{"rules": [\n  {"id": "a", "tenants": ["t"], "refs": ["x"], "effect": "block"}\n]}',
    '2:58: rules[0].effect must be one of "allow", "deny", got "block"',
  ],
  [
    'rules:\n  - { id: a, tenants: [t], refs: [x], effect: deny, proof: true }\n',
    '2:53: rules[0].proof has no meaning in a rule that denies',
  ],
  [
    'rules:\n  - { id: a, tenants: [t], refs: [x], modes: [reference, open] }\n',
    '2:58: rules[0].modes[1] must be one of "reference", "sealed", "injected", "disclose", got "open"',
  ],
  [
    'rules:\n  - { id: a, tenants: [7], refs: [x] }\n',
    '2:24: rules[0].tenants[0] must be a string of 1 to 512',
  ],
  [
    'rules:\n  - { id: a, tenants: [t], refs: ["***"] }\n',
    '2:35: rules[0].refs[0] must be a pattern with at most',
  ],
  ['rules: [null]', '1:9: rules[0] must be a rule: an object'],
];

/** Wrong in ways that a JSON schema cannot say. */
export const BAD_BESIDES: readonly (readonly [text: string, mistake: string])[] = [
  ['', '1:1: must be an object with rules'],
  ['# nothing\n', '1:1: must be an object with rules'],
  ['just text', '1:1: must be an object with rules'],
  [
    'rules:\n  - { id: a, tenants: [t], refs: [x] }\n  - { id: a, tenants: [t], refs: [y] }\n',
    '3:11: rules[1].id is the id of rules[0] as well',
  ],
  [
    'rules:\n  - { id: a, tenants: [t], refs: [x], ttlSeconds: 61, maxTtlSeconds: 60 }\n',
    '2:51: rules[0].ttlSeconds must not be above maxTtlSeconds',
  ],
  ['rules:\n  - id: a\n    id: b\n', '3:5: Map keys must be unique'],
  ['rules: [', '1:9: Flow sequence in block collection must be'],
  ['rules:\n\t- id: a\n', '2:1: Tabs are not allowed as indentation'],
  ['rules: []\n---\nrules: []\n', '2:1: must be one document'],
  ['a: &x [1]\nrules: *x\n', '1:7: an anchor cannot be used in a policy'],
  ['rules: !!js/function x', '1:8: Unresolved tag'],
];
