/** The files of the plugin and of the marketplace that this repository is, made from what `init` installs. */
import { SLASH_VERBS } from '../protocol/claude-hook.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import { hookGroups, MARK, postWith, READ_INPUT } from './hook-command.ts';
import { PLUGIN_NAME } from './plugin.ts';
import { serverScript } from './plugin-server.ts';
import { SERVER_NAME } from './server-entry.ts';
import { stubText } from './stubs.ts';

const ROOT = `plugins/${PLUGIN_NAME}`;
const ABOUT = 'Share a live Claude Code session with a teammate, peer to peer, with explicit consent and no server';
const OWNER = { name: 'teammate-sync' };
const WRITTEN_BY = 'Written by `node scripts/update-plugin.mjs`; change src/claude-code instead';

/** @param license the text of ours @returns path from the root of the repository → text */
export function pluginFiles(license: string): Record<string, string> {
  const skills = SLASH_VERBS.map((verb) => [`${ROOT}/skills/${verb.name}/SKILL.md`, stubText(verb)] as const);
  return {
    '.claude-plugin/marketplace.json': json({
      name: PLUGIN_NAME,
      owner: OWNER,
      metadata: { description: ABOUT },
      plugins: [{ name: PLUGIN_NAME, source: `./${ROOT}`, description: ABOUT }],
    }),
    [`${ROOT}/.claude-plugin/plugin.json`]: json({
      name: PLUGIN_NAME,
      version: PRODUCT_VERSION,
      description: ABOUT,
      author: OWNER,
      license: 'MIT',
    }),
    [`${ROOT}/hooks/hooks.json`]: json({ description: `${ABOUT}. ${WRITTEN_BY}`, hooks: hooks() }),
    [`${ROOT}/hooks/teammate-sync.sh`]: SCRIPT,
    [`${ROOT}/.mcp.json`]: json({ mcpServers: { [SERVER_NAME]: { command: 'sh', args: [SERVER_PATH] } } }),
    [`${ROOT}/${SERVER_SCRIPT}`]: serverScript(WRITTEN_BY),
    [`${ROOT}/README.md`]: README,
    [`${ROOT}/LICENSE`]: license,
    ...Object.fromEntries(skills),
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** A process in the place of the shell's, so that its parent is Claude Code. */
const COMMAND = 'exec sh "${CLAUDE_PLUGIN_ROOT}/hooks/teammate-sync.sh"';

const SERVER_SCRIPT = 'mcp/teammate-sync-mcp.sh';
const SERVER_PATH = `\${CLAUDE_PLUGIN_ROOT}/${SERVER_SCRIPT}`;

function hooks(): Record<string, object[]> {
  return Object.fromEntries(hookGroups(COMMAND).map(({ event, group }) => [event, [group]]));
}

const TWICE =
  'teammate-sync is in Claude Code twice, so its plugin does nothing. Remove one of the two in a terminal: ' +
  'teammate-sync uninstall, or: claude plugin uninstall teammate-sync';

const SCRIPT = `#!/bin/sh
# What Claude Code runs at its events. ${WRITTEN_BY}.
# It asks the daemon, and then the command line; where there is neither it says nothing, and always ends with 0.
exec 2>/dev/null
${READ_INPUT.replaceAll('; p=', '\np=')}

# The hooks of \`teammate-sync init\` do it all.
if grep -qF '"${MARK}' "\${CLAUDE_CONFIG_DIR:-$HOME/.claude}/settings.json"; then
  case $i in
    *'"hook_event_name":"SessionStart"'*) printf '%s\\n' '${JSON.stringify({ systemMessage: TWICE })}' ;;
  esac
  exit 0
fi

socket=\${TEAMMATE_SYNC_HOME:-$HOME/.teammate-sync}/run/daemon.sock
if o=$(printf %s "$i" | ${postWith('"$socket"', true)}); then
  [ -z "$o" ] || printf '%s\\n' "$o"
elif command -v teammate-sync >/dev/null; then
  printf %s "$i" | CLAUDE_PID=$p teammate-sync hook
fi
exit 0
`;

const README = `# teammate-sync for Claude Code

${ABOUT}.

The plugin tells the daemon of teammate-sync when conversations begin and end, lets Claude ask what teammates share (an MCP
server that only reads), and answers these commands without a model:

${SLASH_VERBS.map(({ name, argumentHint, about }) => `- \`${[`/${name}`, argumentHint].join(' ').trim()}\`: ${about}`).join('\n')}

Claude Code has a \`/share\` of its own; with the plugin ours is \`/${PLUGIN_NAME}:share\`. The other commands go by either name.

It needs \`teammate-sync\` on the PATH, set up with \`teammate-sync init --no-claude-code\`. \`teammate-sync init\` alone
installs the same without a plugin: use one of the two. When both are there, the plugin does nothing and says so.

\`\`\`sh
claude plugin marketplace add /path/to/the/repository/of/teammate-sync
claude plugin install ${PLUGIN_NAME}@${PLUGIN_NAME}
claude plugin uninstall ${PLUGIN_NAME}@${PLUGIN_NAME}      # removes it
\`\`\`
`;
