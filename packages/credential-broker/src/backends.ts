export { onePasswordConnect } from './backends/connect/one-password-connect.ts';
export {
  onePasswordConnectDefaults,
  onePasswordQuotas,
  type OnePasswordConnectOptions,
} from './backends/connect/options.ts';
export { quotaFile, type QuotaFile, type QuotaFileOptions } from './backends/guard/quota-file.ts';
export { fileVault } from './backends/vault/file-vault.ts';
export type { FileVaultOptions } from './backends/vault/options.ts';
