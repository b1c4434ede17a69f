import ts from 'typescript';
import { root } from '../packages.ts';
import { compilerOptions } from '../program.ts';

/** The name of the only file of a {@link virtualProgram}. */
export const VIRTUAL_FILE = `${root}/packages/virtual/src/index.ts`;

const host = ts.createCompilerHost(compilerOptions());
const parsed = new Map<string, ts.SourceFile | undefined>();

/** A program over one file that exists only in memory. */
export function virtualProgram(text: string): ts.Program {
  const getSourceFile: ts.CompilerHost['getSourceFile'] = (name, target) => {
    if (name === VIRTUAL_FILE) return ts.createSourceFile(name, text, target);
    if (!parsed.has(name)) parsed.set(name, host.getSourceFile(name, target));
    return parsed.get(name);
  };
  const fileExists = (name: string) => name === VIRTUAL_FILE || host.fileExists(name);
  const readFile = (name: string) => (name === VIRTUAL_FILE ? text : host.readFile(name));
  return ts.createProgram([VIRTUAL_FILE], compilerOptions(), {
    ...host,
    getSourceFile,
    fileExists,
    readFile,
  });
}
