/** Reports each state of a conference until it is over. */
export async function watchByFetch(
  url: string,
  {
    query,
    variables,
    token,
    signal,
  }: { query: string; variables: object; token: string; signal: AbortSignal },
  onResult: (result: Result) => void,
): Promise<void> {
  const headers = { accept: 'text/event-stream', 'content-type': 'application/json', token };
  const body = JSON.stringify({ query, variables });
  while (!signal.aborted) {
    try {
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      if (response.status === 200) {
        if (await readEvents(response, onResult)) return;
      } else if (response.status !== 503) throw new Refused(`HTTP ${response.status}`);
    } catch (error) {
      if (error instanceof Refused) throw error;
      // The network failed, or the gateway restarts.
    }
    await new Promise((resolve) => setTimeout(resolve, 500 + 2000 * Math.random()));
  }
}

export interface Result {
  data?: { conference: { status: string } | null } | null;
  errors?: { message: string; extensions: { code: string; retryable?: boolean } }[];
}

class Refused extends Error {}

/** Whether the stream has completed. */
async function readEvents(response: Response, onResult: (result: Result) => void): Promise<boolean> {
  let rest = '';
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, type, data] = /^event: (\w+)\ndata: ?(.*)$/s.exec(block) ?? [];
      if (type === 'complete') return true;
      if (type === 'next' && data) onResult(JSON.parse(data));
    }
  }
  return false;
}
