/** Streams of the daemon as values: newline-delimited JSON, and server-sent events. Both are of text in whole lines. */
import { isObject } from '../../protocol/is-object.ts';
import { errorOf, unreachable } from './request.ts';

/** @throws DashboardError when it breaks off; a stream that ends in its middle is cut, too */
async function* linesOf(response: Response): AsyncGenerator<string> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    while (true) {
      // Of a connection that is cut, the browser says it in words of its own.
      const { done, value } = await reader.read().catch(() => {
        throw unreachable();
      });
      if (done) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
  if (rest !== '') throw unreachable();
}

/** @throws DashboardError also when the last line says what went wrong */
export async function* jsonLines(response: Response): AsyncGenerator {
  for await (const line of linesOf(response)) {
    const value: unknown = JSON.parse(line);
    if (isObject(value) && 'error' in value && !('type' in value)) throw errorOf(value, response.status);
    yield value;
  }
}

/** The data of each server-sent event, as JSON; null for each comment, which is a sign of life. One line of data each. */
export async function* eventData(response: Response): AsyncGenerator {
  for await (const line of linesOf(response)) {
    if (line.startsWith(':')) yield null;
    else if (line.startsWith('data: ')) yield JSON.parse(line.slice('data: '.length));
  }
}
