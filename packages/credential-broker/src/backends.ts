export { onePasswordConnect } from './backends/connect/one-password-connect.ts';
export {
  onePasswordConnectDefaults,
  onePasswordQuotas,
  type OnePasswordConnectOptions,
} from './backends/connect/options.ts';
export { quotaFile, type QuotaFile, type QuotaFileOptions } from './backends/guard/quota-file.ts';
export { fileVault } from './backends/vault/file-vault.ts';
export type { FileVaultOptions } from './backends/vault/options.ts';
export {
  detectEnvironment,
  type EnvironmentName,
  type Variables,
} from './backends/environment/detect-environment.ts';
export { environment } from './backends/environment/environment.ts';
export { isWeakSecret } from './backends/environment/is-weak-secret.ts';
export type { EnvironmentOptions } from './backends/environment/options.ts';
export {
  sshCertificatesDefaults,
  type SshCertificatesOptions,
  type SshExtension,
} from './backends/ssh/options.ts';
export { sshCertificates } from './backends/ssh/ssh-certificates.ts';
