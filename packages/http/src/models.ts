export { classifyAgentError } from './models/agent-errors.ts';
export { classifyModelError, type ClassifyOptions } from './models/classify-model-error.ts';
export {
  costBudget,
  type BudgetExhaustedEvent,
  type CostBudget,
  type CostBudgetOptions,
  type CostBudgetStats,
} from './models/cost-budget.ts';
export { BudgetExhaustedError, isBudgetExhausted, ModelStreamError } from './models/errors.ts';
export type { FailoverOptions } from './models/failover-options.ts';
export type { ProviderFailure } from './models/failover-run.ts';
export {
  failover,
  type Failover,
  type FailoverAnswer,
  type FailoverStats,
  type FailoverStream,
  type ProviderFailedEvent,
} from './models/failover.ts';
export { modelError, type ModelError, type ModelErrorKind } from './models/model-error.ts';
export { modelEvents, type ModelEvent } from './models/model-events.ts';
export type { ModelProvider, ProviderBreaker, ProviderOrder } from './models/model-provider.ts';
export { toHttpError, toJsonRpcError, type HttpError, type JsonRpcError } from './models/protocol-errors.ts';
export { readModelError } from './models/read-model-error.ts';
