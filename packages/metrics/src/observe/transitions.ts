import type { Metrics } from '../metrics.ts';
import { isHealth } from './readings.ts';
import type { Observed, ObservedEvent } from './sources.ts';

const NOTHING = (): void => undefined;

/**
 * Counts the changes that a source tells of: those of circuits and of the checks of a health. Everything else is read
 * when it is asked for.
 *
 * @returns a function that ends it
 */
export function countTransitions(metrics: Metrics, source: Observed, name: string | undefined): () => void {
  if (isHealth(source)) return source.subscribe(healthCounter(metrics));
  const tells = 'subscribe' in source ? source : undefined;
  const isCircuit = Symbol.iterator in source || 'openings' in source.stats();
  return (isCircuit && tells?.subscribe?.(circuitCounter(metrics, name))) || NOTHING;
}

function circuitCounter(metrics: Metrics, name: string | undefined) {
  const transitions = metrics.counter({
    name: 'resilience_circuit_transitions_total',
    help: 'Changes of the state of circuits',
    labels: ['name', 'to'],
  });
  return ({ type, strategy = '' }: ObservedEvent & { readonly strategy?: string }): void => {
    if (type.startsWith('circuit.')) {
      transitions.inc({ name: name ?? strategy, to: type.slice('circuit.'.length) });
    }
  };
}

interface HealthEvent extends ObservedEvent {
  readonly check?: string;
  readonly to?: string;
  readonly alert?: { readonly name: string; readonly severity: string };
  readonly again?: boolean;
}

function healthCounter(metrics: Metrics) {
  const transitions = metrics.counter({
    name: 'health_check_transitions_total',
    help: 'Changes of the state of checks',
    labels: ['check', 'to'],
  });
  const alerts = metrics.counter({
    name: 'health_alerts_raised_total',
    help: 'Alerts that were raised',
    labels: ['alert', 'severity'],
  });
  return ({ type, check = '', to = '', alert, again }: HealthEvent): void => {
    if (type === 'health.check_changed') transitions.inc({ check, to });
    if (type === 'health.alert_raised' && alert !== undefined && again !== true) {
      alerts.inc({ alert: alert.name, severity: alert.severity });
    }
  };
}
