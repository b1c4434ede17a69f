import {
  having,
  integer,
  readOptions,
  systemClock,
  type,
  type ListenerErrorHandler,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import type { Fetch } from '../remote/fetch-bounded.ts';
import type { WitnessingOptions } from './witnessing.ts';
import type { WitnessPolicy } from './witness-policy.ts';

/** What {@link startWitnessing} does unless told otherwise. */
export const witnessingDefaults = {
  everyMs: 60_000,
  timeoutMs: 5_000,
  fetch: ((url, init) => fetch(url, init)) as Fetch,
  clock: systemClock,
  onListenerError: console.error as ListenerErrorHandler,
};

const withUrls: Rule = (value) => {
  const nameless = (value as WitnessPolicy).witnesses.find(
    ({ url }) => !/^https?:$/.test(URL.parse(url ?? '')?.protocol ?? ''),
  );
  return nameless && `must have an http or https URL for each witness; ${nameless.name} has none`;
};

const rules: Rules<WitnessingOptions> = {
  policy: (value) => type('object')(value) ?? withUrls(value),
  logs: type('function'),
  everyMs: integer(1),
  timeoutMs: integer(1),
  fetch: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
  random: type('function'),
  onListenerError: type('function'),
};

export function readWitnessingOptions(options: WitnessingOptions) {
  return readOptions('startWitnessing', options, rules, witnessingDefaults);
}
