/** One line that says what a tool was asked to do. */
import { isObject } from '../protocol/is-object.ts';

/** Of the tools that Claude Code brings along: the field that says most, and whether it is a place. */
const TELLING: Readonly<Record<string, readonly [field: string, join: ': ' | ' ']>> = {
  Bash: ['command', ': '],
  PowerShell: ['command', ': '],
  Read: ['file_path', ' '],
  Write: ['file_path', ' '],
  Edit: ['file_path', ' '],
  MultiEdit: ['file_path', ' '],
  NotebookEdit: ['notebook_path', ' '],
  Grep: ['pattern', ': '],
  Glob: ['pattern', ': '],
  WebFetch: ['url', ' '],
  WebSearch: ['query', ': '],
  Agent: ['description', ': '],
  Task: ['description', ': '],
  Skill: ['skill', ': '],
};

/** `Bash: npm test`, `Edit src/a.ts`, else `Name {"json":1}`; raw text, may hold line breaks. `input` is foreign. */
export function toolUseText(name: string, input: unknown): string {
  const telling = Object.hasOwn(TELLING, name) ? TELLING[name] : undefined;
  if (telling) {
    const [field, join] = telling;
    const value = isObject(input) && Object.hasOwn(input, field) ? input[field] : null;
    if (typeof value === 'string' && value !== '') return `${name}${join}${value}`;
  }
  const json = JSON.stringify(input);
  return json === undefined || json === '{}' || json === 'null' ? name : `${name} ${json}`;
}

/**
 * All that a tool was asked, under its name: one field a line, and a field of several lines below its own name. A string, as
 * a part of a cut input is one, stands as it is. Raw text; `input` is foreign.
 */
export function wholeToolUse(name: string, input: unknown): string {
  return [name, ...fieldLines(input)].join('\n');
}

function fieldLines(input: unknown): string[] {
  if (typeof input === 'string') return [input];
  if (!isObject(input)) return input === undefined || input === null ? [] : [JSON.stringify(input, null, 2)];
  return Object.entries(input).map(([field, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
    return text.includes('\n') ? `${field}:\n${text}` : `${field}: ${text}`;
  });
}
