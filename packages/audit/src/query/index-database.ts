export function openIndexDatabase(_file: string) {
  return { close(): void {} };
}
