import type { Alert } from './alerts/alert.ts';
import type { CheckRunner } from './check-runner.ts';

/** What an operator should do, most urgent first: about checks that are not well, alerts, and checks that misbehave. */
export function recommendationsFor(
  runners: readonly CheckRunner[],
  alerts: readonly Alert[],
): readonly string[] {
  const troubled = runners.filter((runner) => runner.state === 'down' || runner.state === 'degraded');
  const urgency = (runner: CheckRunner) =>
    (runner.state === 'down' ? 2 : 0) + (runner.check.critical ? 1 : 0);
  return [
    ...troubled
      .toSorted((a, b) => urgency(b) - urgency(a))
      .flatMap(({ check: { name, recommendation } }) =>
        recommendation ? [`${name}: ${recommendation}`] : [],
      ),
    ...alerts.flatMap(({ name, recommendation }) =>
      recommendation === undefined || name.startsWith('check:') ? [] : [`${name}: ${recommendation}`],
    ),
    ...runners
      .filter((runner) => runner.report().flapping)
      .map(
        ({ check: { name } }) =>
          `${name}: its state flaps; raise failureThreshold, or look for an unstable dependency`,
      ),
    ...runners
      .filter((runner) => runner.stats().abandoned > 0)
      .map(
        ({ check: { name } }) =>
          `${name}: runs go on after their timeout; pass the signal on to what it calls`,
      ),
  ];
}
