import ts from 'typescript';
import { root } from '../packages.ts';
import { compilerOptions } from '../program.ts';

/** The name of the only file of a {@link virtualProgram}. */
export const VIRTUAL_FILE = `${root}/packages/virtual/src/index.ts`;

/** A program over one file that exists only in memory. */
export function virtualProgram(text: string): ts.Program {
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const files = { ...host };
  host.fileExists = (name) => name === VIRTUAL_FILE || files.fileExists(name);
  host.readFile = (name) => (name === VIRTUAL_FILE ? text : files.readFile(name));
  host.getSourceFile = (name, target) =>
    name === VIRTUAL_FILE ? ts.createSourceFile(name, text, target) : files.getSourceFile(name, target);
  return ts.createProgram([VIRTUAL_FILE], options, host);
}
