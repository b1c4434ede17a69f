export type { Aggregator } from './aggregation/aggregator.ts';
export {
  createClusterMetrics,
  type ClusterMetrics,
  type ClusterStats,
} from './aggregation/cluster-metrics.ts';
export { clusterMetricsDefaults, type ClusterMetricsOptions } from './aggregation/cluster-options.ts';
export { shareMetrics, type SharedMetrics } from './aggregation/share-metrics.ts';
