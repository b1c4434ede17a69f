import path from 'node:path';
import type { Rule } from 'eslint';

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.(model|test|test-d|config|d))*\.(ts|mts|js|mjs)$/;
const SAYS_NOTHING = /^(utils?|helpers?|types|common|misc)\.ts$/;

/** A file is named in kebab-case after its main export, never after a drawer for everything. */
export const fileName: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      kebab: "Name files in kebab-case: '{{name}}'.",
      vague: "'{{name}}' says nothing; name the file after its main export.",
    },
  },
  create(context) {
    const name = path.basename(context.filename);
    const messageId = SAYS_NOTHING.test(name) ? 'vague' : KEBAB_CASE.test(name) ? undefined : 'kebab';
    return {
      Program(node) {
        if (messageId !== undefined) context.report({ node, messageId, data: { name } });
      },
    };
  },
};
