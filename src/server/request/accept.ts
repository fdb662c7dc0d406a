import Negotiator from 'negotiator';

const jsonTypes = ['application/json', 'application/graphql-response+json'] as const;
const streamTypes = ['text/event-stream', 'multipart/mixed'] as const;

export type JsonType = (typeof jsonTypes)[number];
export type StreamType = (typeof streamTypes)[number];

/** The media types that an `Accept` header allows, by RFC 9110. Undefined if it allows none: then the answer is 406. */
export interface Accepted {
  /** For the answer to a query: JSON, or a stream of one event if the client does not accept JSON. */
  readonly query: JsonType | StreamType | undefined;
  /** For the answer to a subscription. */
  readonly subscription: StreamType | undefined;
  /** For a refusal: always JSON, even if the client does not accept JSON. */
  readonly refusal: JsonType;
  /** Whether the client prefers HTML to JSON. */
  readonly page: boolean;
}

/** Negotiates the media type of the answer by weight and precedence. Ignores all other parameters, `charset` included. */
export function acceptedBy(accept = '*/*'): Accepted {
  const known = negotiated.get(accept);
  if (known) return known;
  const fresh = negotiate(accept);
  if (accept.length <= maxKeptLength) {
    if (negotiated.size >= maxKept) negotiated.clear();
    negotiated.set(accept, fresh);
  }
  return fresh;
}

// Clients send a handful of different headers. The result depends only on the text, so all gateways of a process can share the cache.
const negotiated = new Map<string, Accepted>();
const maxKept = 64;
const maxKeptLength = 256;

function negotiate(accept: string): Accepted {
  const negotiator = new Negotiator({ headers: { accept: withoutParameters(accept) || '*/*' } });
  const preferred = <Type extends string>(types: readonly Type[]) => {
    const best = negotiator.mediaType(types);
    return types.find((type) => type === best);
  };
  const json = preferred(jsonTypes);
  const stream = preferred(streamTypes);
  return {
    query: json ?? stream,
    subscription: stream,
    refusal: json ?? 'application/json',
    page: preferred([...jsonTypes, 'text/html']) === 'text/html',
  };
}

// The library compares parameters: with `charset=utf-8`, none of our types would match.
function withoutParameters(accept: string): string {
  return splitUnquoted(accept, ',')
    .map((range) => {
      const [type = '', ...parameters] = splitUnquoted(range, ';').map((part) => part.trim());
      // Java's HttpURLConnection sends `*`.
      return type && `${type === '*' ? '*/*' : type};q=${weightIn(parameters)}`;
    })
    .filter((range) => range !== '')
    .join(',');
}

/** The weight, from 0 to 1: 1 if it is missing or not a number. */
function weightIn(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=');
    if (name.trim().toLowerCase() !== 'q') continue;
    const digits = value.replaceAll('"', '').trim();
    const weight = digits === '' ? Number.NaN : Number(digits);
    return Number.isNaN(weight) ? 1 : Math.min(Math.max(weight, 0), 1);
  }
  return 1;
}

function splitUnquoted(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (quoted && character === '\\') at += 1;
    else if (!quoted && character === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
