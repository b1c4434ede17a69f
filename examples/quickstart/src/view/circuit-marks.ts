import type { CircuitState } from '@holdfast/circuit-breaker';
import type { Style } from './paint.ts';

/** How each state of a circuit is drawn. */
export const CIRCUIT: Readonly<Record<CircuitState, { readonly mark: string; readonly style: Style }>> = {
  closed: { mark: '─', style: 'green' },
  'half-open': { mark: '◌', style: 'yellow' },
  open: { mark: '╳', style: 'red' },
  isolated: { mark: '╳', style: 'red' },
  disabled: { mark: ' ', style: 'dim' },
  'metrics-only': { mark: ' ', style: 'dim' },
};
