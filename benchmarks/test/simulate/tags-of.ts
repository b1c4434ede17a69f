/** An element as it opens. */
export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const TAG = /<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<&]*")*)\s*(\/?)>/g;

/** The elements of a text in XML, in order; throws where it is not well-formed. Comments and the like are none. */
export function tagsOf(xml: string): readonly Tag[] {
  const tags: Tag[] = [];
  const open: string[] = [];
  let end = 0;
  for (const { index, 0: text, 1: closes, 2: name = '', 3: pairs = '', 4: empty } of xml.matchAll(TAG)) {
    checkText(xml.slice(end, index));
    end = index + text.length;
    if (closes === '/') {
      if (open.pop() !== name) throw new SyntaxError(`</${name}> closes another element`);
      continue;
    }
    const attributes = [...pairs.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]);
    tags.push({ name, attributes: Object.fromEntries(attributes) as Record<string, string> });
    if (empty === '') open.push(name);
    else if (open.length === 0) throw new SyntaxError('more than one root');
  }
  checkText(xml.slice(end));
  if (open.length > 0) throw new SyntaxError(`<${open.join('><')}> is never closed`);
  return tags;
}

function checkText(text: string): void {
  if (/<|&(?!amp;|lt;|gt;|quot;|apos;)/.test(text)) throw new SyntaxError(`not text: ${text}`);
}
