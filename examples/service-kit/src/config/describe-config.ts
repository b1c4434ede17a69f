import { namesOf } from './read-secret.ts';
import type { Declaration, Setting } from './setting.ts';

/** Which value a variable has when it is not set, in words. */
function otherwise(setting: Setting): string {
  if (setting.secret === true) return setting.optional === true ? 'optional secret' : 'secret, required';
  const { defaults, optional } = setting;
  const common = setting.default === undefined ? [] : [show(setting.default)];
  const some = Object.entries(defaults ?? {}).map(([where, value]) => `${show(value)} in ${where}`);
  const all = [...some, ...common].join(', ');
  return all || (optional === true ? 'optional' : 'required');
}

const show = (value: unknown) =>
  Array.isArray(value) ? value.join(',') : value instanceof URL ? value.href : String(value);

/** The variable as one sets it in production. */
const nameOf = (setting: Setting) =>
  setting.secret === true ? namesOf(setting, 'production')[0] : setting.variable;

/** What `--help` prints of a declaration: a line a variable. */
export function configHelp(declaration: Declaration): string {
  const rows = Object.values(declaration).map((setting) => [nameOf(setting), setting] as const);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, setting]) => `  ${name.padEnd(width)}  ${setting.about} (${otherwise(setting)})`)
    .join('\n');
}

/** The same as a table of Markdown, for a README. */
export function configTable(declaration: Declaration): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
  const rows = Object.values(declaration).map(
    (setting) => `| \`${nameOf(setting)}\` | ${cell(setting.about)} | ${cell(otherwise(setting))} |`,
  );
  return ['| Variable | What it is for | Default |', '| --- | --- | --- |', ...rows].join('\n');
}
