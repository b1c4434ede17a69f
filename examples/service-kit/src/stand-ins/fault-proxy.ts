export {
  FAULTS,
  startFaultProxy,
  type Fault as NetworkFault,
  type FaultProxy,
} from '../../../../scripts/services/fault-proxy.ts';
