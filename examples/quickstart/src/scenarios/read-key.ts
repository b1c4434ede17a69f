/** The key under which an answer is remembered; none for writes. Where users get answers of their own it has to name them. */
export function readKey({ access, method, path }: Readonly<Record<string, string>>): string | undefined {
  return access === 'read' ? `${method} ${path}` : undefined;
}
