// The operations of the client, as it sends them, by the SHA-256 of their text.
// The build puts them into dist/operations.json and so into the binary: the hub
// knows them from the start, and the client sends hashes (src/api/named.ts).
//
// Each graphql(`…`, [fragments]) of the sources is put together by the functions
// that do it in the browser, so that both come to the same text;
// test/unit/operations.test.ts compares with what the client really sends.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

import { formatDocument, stringifyDocument } from '@urql/core';
import { initGraphQLTada } from 'gql.tada';
import ts from 'typescript';

const source = new URL('../src/', import.meta.url);
const graphql = initGraphQLTada();

// A module's documents by the name of their constant, and where its other names
// come from.
function read(url) {
  const file = ts.createSourceFile(url.pathname, readFileSync(url, 'utf8'), ts.ScriptTarget.Latest, false, ts.ScriptKind.TSX);
  const module = { url, documents: new Map(), imports: new Map() };
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) noteImports(module, statement);
    if (ts.isVariableStatement(statement)) noteDocuments(module, statement);
  }
  return module;
}

function noteImports(module, { importClause, moduleSpecifier }) {
  const names = importClause?.namedBindings;
  if (names === undefined || !ts.isNamedImports(names)) return;
  for (const { name, propertyName } of names.elements) {
    module.imports.set(name.text, { from: moduleSpecifier.text, name: (propertyName ?? name).text });
  }
}

function noteDocuments(module, { declarationList }) {
  for (const { name, initializer: call } of declarationList.declarations) {
    if (call === undefined || !ts.isCallExpression(call) || call.expression.text !== 'graphql') continue;
    const [text, fragments] = call.arguments;
    if (!ts.isNoSubstitutionTemplateLiteral(text)) throw new Error(`${module.url}: ${name.text} is not a plain text`);
    module.documents.set(name.text, { text: text.text, fragments: (fragments?.elements ?? []).map((one) => one.text) });
  }
}

// find leads from a name in a module to the document it means.
function find(modules, module, name) {
  const own = module.documents.get(name);
  if (own !== undefined) return [module, own];
  const { from, name: there } = module.imports.get(name) ?? {};
  const next = from && ['.ts', '.tsx'].map((ending) => modules.get(new URL(from + ending, module.url).href)).find(Boolean);
  if (!next) throw new Error(`${module.url}: where does ${name} come from?`);
  return find(modules, next, there);
}

// put makes each document once: what is used twice is told by being the same.
function put(modules, module, document) {
  const { text, fragments } = document;
  document.made ??= graphql(text, fragments.map((name) => put(modules, ...find(modules, module, name))));
  return document.made;
}

// operations are all of them: hash → text.
export function operations() {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  const modules = new Map(files.map((name) => new URL(name, source)).map((url) => [url.href, read(url)]));
  const texts = [...modules.values()].flatMap((module) =>
    [...module.documents.values()]
      .map((document) => put(modules, module, document))
      .filter(({ definitions }) => definitions[0].kind === 'OperationDefinition')
      // The cache asks for the names of types besides.
      .map((document) => stringifyDocument(formatDocument(document))),
  );
  return Object.fromEntries(texts.map((text) => [createHash('sha256').update(text).digest('hex'), text]).sort());
}
