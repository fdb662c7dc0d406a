import Negotiator from 'negotiator';

const jsonTypes = ['application/json', 'application/graphql-response+json'] as const;
const streamTypes = ['text/event-stream', 'multipart/mixed'] as const;

export type JsonType = (typeof jsonTypes)[number];
export type StreamType = (typeof streamTypes)[number];

/** The types that an `Accept` header leaves, by RFC 9110. Undefined where it leaves none: 406. */
export interface Accepted {
  /** Of the answer to a query: JSON, or a stream of one event where the client takes no JSON. */
  readonly query: JsonType | StreamType | undefined;
  /** Of the answer to a subscription. */
  readonly subscription: StreamType | undefined;
  /** Of an answer that is no result: always JSON, also where the client takes none. */
  readonly refusal: JsonType;
  /** Whether a page is preferred to JSON. */
  readonly page: boolean;
}

/** Negotiates the type of the answer. Weights and precedence count; all other parameters, a charset included, do not. */
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

// Clients send a handful of texts. A result depends on its text alone, so that all gateways of a process may share it.
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

// The library compares parameters, so that `charset=utf-8` would accept nothing of ours.
function withoutParameters(accept: string): string {
  return splitUnquoted(accept, ',')
    .map((range) => {
      const [type = '', ...parameters] = splitUnquoted(range, ';').map((part) => part.trim());
      // Java's HttpURLConnection writes a single asterisk.
      return type && `${type === '*' ? '*/*' : type};q=${weightIn(parameters)}`;
    })
    .filter((range) => range !== '')
    .join(',');
}

/** From 0 to 1. A weight that is no number is none, and a range without a weight is wanted most. */
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
