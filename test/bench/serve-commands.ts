/**
 * The inner end of a {@link CommandProcess}. A request is `{id, command, request}`, the answer `{id, result}` or
 * `{id, error}`; the first message says that the process is ready.
 */

/** By name; each takes one plain object or nothing. */
export type Commands = Record<string, (request: never) => Promise<unknown>>;

interface Asked {
  id: number;
  command: string;
  request: never;
}

/** Serves the commands for as long as the bench lives, and no longer. */
export function serveCommands(commands: Commands): void {
  process.on('message', ({ id, command, request }: Asked) => {
    const answer = async (): Promise<unknown> => commands[command]?.(request);
    answer().then(
      (result) => process.send?.({ id, result }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
  // Whatever became of the bench: nobody is left to work for.
  process.once('disconnect', () => process.exit());
  process.send?.({ event: 'ready' });
}
