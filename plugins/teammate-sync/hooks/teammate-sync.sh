#!/bin/sh
# What Claude Code runs at its events. Written by `node scripts/update-plugin.mjs`; change src/claude-code instead.
# It asks the daemon, and then the command line; where there is neither it says nothing, and always ends with 0.
exec 2>/dev/null
i=$(head -n 1) || IFS= read -r i
p=${CLAUDE_PID:-$PPID}

# The hooks of `teammate-sync init` do it all.
if grep -qF '": teammate-sync; ' "${CLAUDE_CONFIG_DIR:-$HOME/.claude}/settings.json"; then
  case $i in
    *'"hook_event_name":"SessionStart"'*) printf '%s\n' '{"systemMessage":"teammate-sync is in Claude Code twice, so its plugin does nothing. Remove one of the two in a terminal: teammate-sync uninstall, or: claude plugin uninstall teammate-sync"}' ;;
  esac
  exit 0
fi

socket=${TEAMMATE_SYNC_HOME:-$HOME/.teammate-sync}/run/daemon.sock
if o=$(printf %s "$i" | curl -qsfm 0.5 --noproxy '*' --unix-socket "$socket" --data-binary @- "http://localhost/v1/hook/claude-code?pid=$p&entrypoint=$CLAUDE_CODE_ENTRYPOINT&attended=$CLAUDE_CODE_SESSION_ATTENDED&plugin=1"); then
  [ -z "$o" ] || printf '%s\n' "$o"
elif command -v teammate-sync >/dev/null; then
  printf %s "$i" | CLAUDE_PID=$p teammate-sync hook
fi
exit 0
