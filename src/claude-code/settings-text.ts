/** The text of Claude Code's settings.json: what of it is ours, and the text with it and without it. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { getNodeValue } from 'jsonc-parser';
import { isObject } from '../protocol/is-object.ts';
import { HOOK_EVENTS } from '../protocol/claude-hook.ts';
import { DENY_RULES } from './deny-rules.ts';
import { hookGroups, isOurCommand } from './hook-command.ts';
import { append, applyEdits, type Edit, type Item, type Node, parseText, remove, valueOf } from './json-edit.ts';
import { bodyOf, edited, parsed, plain, refuse } from './json-text.ts';

/** What is to be in the settings. */
export interface Wanted {
  /** The command of every hook. */
  command: string;
  /** Whether the rules of {@link DENY_RULES} are. False: they are left as they are. */
  deny: boolean;
}

/**
 * The settings with what is wanted in them, and with nothing of ours besides. Text that has it already comes back as it is.
 * @param text null or blank: there are none yet
 * @throws TeammateSyncError CLAUDE_SETTINGS for what Claude Code could not read either, or of an unexpected shape
 */
export function withOurs(text: string | null, wanted: Wanted): string {
  return edited(text, (body, root) => {
    const hooks = hooksOf(root);
    const exact = isExact(hooks, wanted.command);
    const cleaned = exact ? body : applyEdits(body, remove(doomedHooks(hooks)));
    return applyEdits(cleaned, addition(cleaned, parseText(cleaned), wanted, !exact));
  });
}

/**
 * The settings without anything of ours. Of containers that held nothing else nothing is left either.
 * @param own rules that the user had before, which are not ours to take
 * @throws TeammateSyncError CLAUDE_SETTINGS
 */
export function withoutOurs(text: string, own: readonly string[] = []): string {
  return edited(text, (body, root) => {
    const rules = denyNode(root)?.children?.filter(({ value }) => DENY_RULES.includes(value) && !own.includes(value));
    return applyEdits(body, remove([...doomedHooks(hooksOf(root)), ...(rules ?? [])]));
  });
}

/** What stands in the settings; of text that cannot be read, nothing. */
export interface Found {
  /** Commands of ours, with the events they stand at. */
  hooks: { event: string; command: string }[];
  /** They are what is wanted. */
  exact: boolean;
  /** All rules of permissions.deny, ours or not. */
  deny: string[];
  /** No hook of anybody is run. */
  hooksDisabled: boolean;
  /** Plugins that are switched on, as `<plugin>@<marketplace>`. */
  plugins: string[];
}

/** @param command that of the hooks, if they are to be compared @throws TeammateSyncError CLAUDE_SETTINGS */
export function foundIn(text: string | null, command: string): Found {
  const root = parsed(bodyOf(text).body);
  const hooks = hooksOf(root);
  const plugins: unknown = valueAt(root, 'enabledPlugins');
  return {
    hooks: hooks.map(({ event, entry }) => ({
      event,
      command: String(getNodeValue(valueOf(entry, 'command') as Node)),
    })),
    exact: isExact(hooks, command),
    deny: denyNode(root)?.children?.map(({ value }) => String(value)) ?? [],
    hooksDisabled: valueAt(root, 'disableAllHooks') === true,
    plugins: isObject(plugins) ? Object.keys(plugins).filter((name) => plugins[name] === true) : [],
  };
}

function valueAt(root: Node, key: string): unknown {
  const node = valueOf(root, key);
  return node && getNodeValue(node);
}

/** An entry of ours, where it stands. */
interface OurHook {
  event: string;
  group: Node;
  entry: Node;
}

function hooksOf(root: Node): OurHook[] {
  const hooks = valueOf(root, 'hooks');
  if (!hooks) return [];
  if (hooks.type !== 'object') throw refuse('is not usable: its `hooks` is not an object');
  const found: OurHook[] = [];
  for (const property of hooks.children ?? []) {
    const [event, groups] = [String(property.children?.[0]?.value), property.children?.[1]];
    // What Claude Code does not know it passes over, and so do we.
    if (groups?.type !== 'array' && HOOK_EVENTS.some((known) => known.event === event)) {
      throw refuse(`is not usable: its \`hooks.${event}\` is not a list`);
    }
    for (const group of groups?.children ?? []) {
      for (const entry of valueOf(group, 'hooks')?.children ?? []) {
        const command = valueOf(entry, 'command');
        if (command?.type === 'string' && isOurCommand(command.value)) found.push({ event, group, entry });
      }
    }
  }
  return found;
}

/** Entries of ours, or the whole group where it holds nothing else. */
function doomedHooks(hooks: readonly OurHook[]): Node[] {
  const entries = new Set(hooks.map(({ entry }) => entry));
  return hooks.flatMap(({ group, entry }) => {
    const all = valueOf(group, 'hooks')?.children ?? [];
    return all.every((one) => entries.has(one)) ? [group, entry] : [entry];
  });
}

/** Each once, in a group of its own, and nothing else of ours. */
function isExact(hooks: readonly OurHook[], command: string): boolean {
  const wanted = hookGroups(command);
  return (
    hooks.length === wanted.length &&
    wanted.every(({ event, group }) =>
      hooks.some((ours) => ours.event === event && isDeepStrictEqual(plain(getNodeValue(ours.group)), group)),
    )
  );
}

function addition(text: string, root: Node, wanted: Wanted, hooks: boolean): Edit[] {
  const edits: Edit[] = [];
  const atRoot: Item[] = [];
  if (hooks) {
    const there = valueOf(root, 'hooks');
    const missing: Item[] = [];
    for (const { event, group } of hookGroups(wanted.command)) {
      const groups = valueOf(there, event);
      if (groups) edits.push(append(text, groups, [{ value: group }]));
      else missing.push({ key: event, value: [group] });
    }
    if (!there) atRoot.push({ key: 'hooks', value: Object.fromEntries(missing.map(({ key, value }) => [key, value])) });
    else if (missing.length > 0) edits.push(append(text, there, missing));
  }
  if (wanted.deny) {
    const deny = denyNode(root);
    const permissions = valueOf(root, 'permissions');
    const held = new Set(deny?.children?.map(({ value }) => value));
    const rules = DENY_RULES.filter((rule) => !held.has(rule));
    if (deny && rules.length > 0)
      edits.push(
        append(
          text,
          deny,
          rules.map((value) => ({ value })),
        ),
      );
    else if (!deny && permissions) edits.push(append(text, permissions, [{ key: 'deny', value: rules }]));
    else if (!deny) atRoot.push({ key: 'permissions', value: { deny: rules } });
  }
  return atRoot.length > 0 ? [...edits, append(text, root, atRoot)] : edits;
}

/** @throws TeammateSyncError CLAUDE_SETTINGS for permissions of another shape */
function denyNode(root: Node): Node | undefined {
  const permissions = valueOf(root, 'permissions');
  if (permissions && permissions.type !== 'object') throw refuse('is not usable: its `permissions` is not an object');
  const deny = valueOf(permissions, 'deny');
  if (deny && deny.type !== 'array') throw refuse('is not usable: its `permissions.deny` is not a list');
  return deny;
}
