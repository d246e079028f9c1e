/** One line on a terminal that says what is being done; nothing anywhere else. */

export function progressTo(stream: NodeJS.WriteStream): { say: (text: string) => void; clear: () => void } {
  const clear = (): void => {
    if (stream.isTTY) stream.write('\r\u001B[K');
  };
  const say = (text: string): void => {
    clear();
    if (stream.isTTY) stream.write(text.slice(0, (stream.columns || 80) - 1));
  };
  return { say, clear };
}
