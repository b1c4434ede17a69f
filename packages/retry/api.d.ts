// The public API of @holdfast/retry, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/retry' {
  export { Attributes }; // from packages/retry/dist/index.d.ts
  export { BackoffFunction }; // from packages/retry/dist/index.d.ts
  export { BackoffKind }; // from packages/retry/dist/index.d.ts
  export { Hedge }; // from packages/retry/dist/index.d.ts
  export { HedgeBudgetExhaustedEvent }; // from packages/retry/dist/index.d.ts
  export { HedgeEvent }; // from packages/retry/dist/index.d.ts
  export { HedgeOptions }; // from packages/retry/dist/index.d.ts
  export { HedgeStartedEvent }; // from packages/retry/dist/index.d.ts
  export { HedgeStats }; // from packages/retry/dist/index.d.ts
  export { HedgeWonEvent }; // from packages/retry/dist/index.d.ts
  export { KeyedBudgetOptions }; // from packages/retry/dist/index.d.ts
  export { QuotaBudgetOptions }; // from packages/retry/dist/index.d.ts
  export { Retry }; // from packages/retry/dist/index.d.ts
  export { RetryBudget }; // from packages/retry/dist/index.d.ts
  export { RetryBudgetOptions }; // from packages/retry/dist/index.d.ts
  export { RetryEvent }; // from packages/retry/dist/index.d.ts
  export { RetryGivenUpEvent }; // from packages/retry/dist/index.d.ts
  export { RetryLimit }; // from packages/retry/dist/index.d.ts
  export { RetryOptions }; // from packages/retry/dist/index.d.ts
  export { RetryRecoveredEvent }; // from packages/retry/dist/index.d.ts
  export { RetryScheduledEvent }; // from packages/retry/dist/index.d.ts
  export { RetryStats }; // from packages/retry/dist/index.d.ts
  export { TokenBudgetOptions }; // from packages/retry/dist/index.d.ts
  export { apiCall }; // from packages/retry/dist/index.d.ts
  export { awsCall }; // from packages/retry/dist/index.d.ts
  export { hedge }; // from packages/retry/dist/index.d.ts
  export { hedgeDefaults }; // from packages/retry/dist/index.d.ts
  export { isAwsTransient }; // from packages/retry/dist/index.d.ts
  export { isTransient }; // from packages/retry/dist/index.d.ts
  export { keyedBudget }; // from packages/retry/dist/index.d.ts
  export { networkOperation }; // from packages/retry/dist/index.d.ts
  export { quotaBudget }; // from packages/retry/dist/index.d.ts
  export { retry }; // from packages/retry/dist/index.d.ts
  export { retryAfterOf }; // from packages/retry/dist/index.d.ts
  export { retryBudget }; // from packages/retry/dist/index.d.ts
  export { retryDefaults }; // from packages/retry/dist/index.d.ts
  export { tokenBudget }; // from packages/retry/dist/index.d.ts
  export {};
}
