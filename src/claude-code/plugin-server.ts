/** What the plugin starts as its MCP server: the installed one; or, where `init` has put that one in, a server without tools. */

/**
 * A server that ended would be shown as one that failed, and a second one would show every tool twice. The answers are to
 * requests of one line, whose ids are numbers or plain strings.
 * @param writtenBy who makes the file
 */
export const serverScript = (writtenBy: string): string => `#!/bin/sh
# What Claude Code starts as the plugin's MCP server. ${writtenBy}.
config=\${CLAUDE_CONFIG_DIR:-$HOME/.claude}
state=\${CLAUDE_CONFIG_DIR:-$HOME}/.claude.json
[ ! -e "$config/.config.json" ] || state=$config/.config.json

# The server of \`teammate-sync init\` does it all: this one has no tools.
if grep -qE '"[^"]*[/\\\\]teammate-sync-mcp[.]mjs"' "$state" 2>/dev/null; then
  while IFS= read -r line; do
    id=$(printf %s "$line" | sed -nE 's/^.*"id" *: *("[^"\\\\]*"|[0-9]+).*$/\\1/p')
    [ -n "$id" ] || continue
    case $line in
      *'"method":"initialize"'*) answer='"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"teammate-sync","version":"0"}}' ;;
      *'"method":"ping"'*) answer='"result":{}' ;;
      *) answer='"error":{"code":-32601,"message":"Method not found"}' ;;
    esac
    printf '{"jsonrpc":"2.0","id":%s,%s}\\n' "$id" "$answer"
  done
  exit 0
fi

if command -v teammate-sync >/dev/null; then exec teammate-sync mcp; fi
echo 'teammate-sync is not on the PATH of Claude Code: npm install --global teammate-sync' >&2
exit 1
`;
