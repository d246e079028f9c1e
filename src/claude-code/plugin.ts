/** The same as a Claude Code plugin, which is installed and removed by Claude Code itself. */

/** Of the plugin, in its marketplace and in what it calls its commands. */
export const PLUGIN_NAME = 'teammate-sync';

/** That of ours among the plugins that are switched on, each as `<plugin>@<marketplace>`; null: it is not there. */
export function ourPlugin(plugins: readonly string[]): string | null {
  return plugins.find((name) => name.split('@')[0] === PLUGIN_NAME) ?? null;
}
