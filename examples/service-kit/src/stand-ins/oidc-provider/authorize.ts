const MAX_STEPS = 12;

/** Follows a provider from page to page, with cookies as a browser has them, until it leads to one of the addresses. */
export async function authorize(start: URL, redirectUris: readonly string[]): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let step = 0; step < MAX_STEPS; step++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null)
      throw new Error(`the provider answered ${response.status}: ${await response.text()}`);
    await response.body?.cancel();
    url = new URL(location, url);
    if (redirectUris.includes(`${url.origin}${url.pathname}`)) return url;
  }
  throw new Error('the provider leads on and on');
}
