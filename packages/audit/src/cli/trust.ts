import { type CommandArgs, type CommandOption, UsageError } from '@holdfast/pipeline/cli';
import { readFile } from 'node:fs/promises';
import { parsePolicy } from '../witness/parse-policy.ts';
import { trustLog, type WitnessPolicy } from '../witness/witness-policy.ts';

/** The options by which a command is told whom to trust. */
export const TRUST_OPTIONS: Readonly<Record<string, CommandOption>> = {
  key: { value: 'FILE', description: 'verifier key of the log' },
  policy: { value: 'FILE', description: 'trust policy: logs, witnesses and their quorum (C2SP tlog-policy)' },
};

/**
 * Reads whom to trust; nothing when neither option was given. A key and a policy together: the log of the key, the
 * witnesses of the policy.
 */
export async function readTrust(args: CommandArgs): Promise<WitnessPolicy | undefined> {
  const [keyFile, policyFile] = [args.value('key'), args.value('policy')];
  const policy = policyFile === undefined ? undefined : parsePolicy(await readFile(policyFile));
  if (keyFile === undefined) return policy;
  const key = trustLog(await readFile(keyFile, 'utf8'));
  return policy === undefined ? key : { ...policy, logs: key.logs };
}

/**
 * Reads whom to trust.
 *
 * @throws {@link UsageError} when nobody was named
 */
export async function requireTrust(args: CommandArgs): Promise<WitnessPolicy> {
  const trust = await readTrust(args);
  if (trust === undefined || trust.logs.length === 0) {
    throw new UsageError(
      'whom to trust? Give the verifier key of the log with --key FILE, or --policy FILE with a log line.\n' +
        'Take it from where the log cannot change it: a key that lies beside the log proves nothing.',
    );
  }
  return trust;
}
