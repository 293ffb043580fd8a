/** What a source file asks for: its imports of every kind, and the ambient things it touches. */
import { parseSync } from '@swc/core';

export interface Import {
  specifier: string;
  /** Gone at run time: `import type`, or `typeof import(…)`. */
  typeOnly: boolean;
}

export interface SourceFile {
  /** From the root of the repository. */
  path: string;
  imports: Import[];
  /** `process`, `Date.now`, `new Date()`, `Math.random`, `fetch`, timers: what comes in `Deps` instead. */
  ambient: string[];
}

type Node = Record<string, unknown> & { type: string };

const AMBIENT_NAMES = new Set([
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'crypto',
]);
const AMBIENT_MEMBERS = new Set(['Date.now', 'Math.random']);

export const readSource = (path: string, text: string): SourceFile => {
  const file: SourceFile = { path, imports: [], ambient: [] };
  const own = new Set<string>();
  visit(parseSync(text, { syntax: 'typescript', target: 'es2022' }), file, own);
  return { ...file, ambient: [...new Set(file.ambient)].filter((name) => !own.has(name)) };
};

const visit = (value: unknown, file: SourceFile, own: Set<string>): void => {
  if (Array.isArray(value)) {
    for (const one of value) visit(one, file, own);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  const found = importIn(node);
  if (found) file.imports.push(found);
  // A file that gives a name a meaning of its own does not mean the machine's.
  if (node.type === 'VariableDeclarator') own.add(String((node['id'] as Node)['value']));
  const ambient = ambientIn(node);
  if (ambient) file.ambient.push(ambient);
  for (const [name, child] of Object.entries(node)) {
    // Names of members and keys are no uses of what is ambient.
    const isName = (name === 'property' && isType(child, 'Identifier')) || name === 'key';
    if (!isName) visit(child, file, own);
  }
};

const importIn = (node: Node): Import | undefined => {
  switch (node.type) {
    case 'ImportDeclaration': {
      const specifiers = node['specifiers'] as { isTypeOnly?: boolean }[];
      const allTypes = specifiers.length > 0 && specifiers.every(({ isTypeOnly }) => isTypeOnly === true);
      return { specifier: textOf(node['source']), typeOnly: node['typeOnly'] === true || allTypes };
    }
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node['source'] ? { specifier: textOf(node['source']), typeOnly: node['typeOnly'] === true } : undefined;
    case 'TsImportType':
      return { specifier: textOf(node['argument']), typeOnly: true };
    case 'CallExpression': {
      const callee = node['callee'] as Node;
      const [first] = node['arguments'] as { expression: Node }[];
      const loads = callee.type === 'Import' || (callee.type === 'Identifier' && callee['value'] === 'require');
      return loads && first ? { specifier: textOf(first.expression), typeOnly: false } : undefined;
    }
  }
  return undefined;
};

const ambientIn = (node: Node): string | undefined => {
  if (node.type === 'Identifier' && AMBIENT_NAMES.has(String(node['value']))) return String(node['value']);
  if (node.type === 'MemberExpression') {
    const [object, property] = [node['object'] as Node, node['property'] as Node];
    const name = `${String(object['value'])}.${String(property['value'])}`;
    return AMBIENT_MEMBERS.has(name) ? name : undefined;
  }
  const isDate = (node['callee'] as Node | undefined)?.['value'] === 'Date';
  const given = node['arguments'] as unknown[] | null | undefined;
  return node.type === 'NewExpression' && isDate && !given?.length ? 'new Date()' : undefined;
};

const isType = (value: unknown, type: string): boolean =>
  typeof value === 'object' && value !== null && (value as Node).type === type;

const textOf = (node: unknown): string => String((node as Node)['value']);
