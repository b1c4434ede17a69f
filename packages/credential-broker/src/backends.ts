export { onePasswordConnect } from './backends/connect/one-password-connect.ts';
export {
  onePasswordConnectDefaults,
  onePasswordQuotas,
  type OnePasswordConnectOptions,
} from './backends/connect/options.ts';
