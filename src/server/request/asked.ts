import { isObject } from '../../base/is-object.ts';
import type { NamedDocument } from '../../graphql/trusted-documents/choose-document.ts';

/** The parameters of a GraphQL request, named as in GraphQL over HTTP. */
export interface Asked {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
}

/** Like `Asked`, but its document is named by text, by ID, or by both. */
export type AskedByName = Omit<Asked, 'query'> & NamedDocument;

/** The parameters, or one sentence about what is wrong with them, which repeats nothing of the request. */
export type AskedReading = { readonly asked: AskedByName } | { readonly problem: string };

export function askedInBody(text: string): AskedReading {
  const body = parseJson(text);
  if (body === undefined) return { problem: 'The body is not JSON.' };
  if (Array.isArray(body)) return { problem: 'Batches are not supported: send one operation per request.' };
  return isObject(body) ? checkAsked(body) : { problem: 'The body is not a JSON object.' };
}

export function askedInUrl(search: string): AskedReading {
  const parameters = new URLSearchParams(search);
  const given: Record<string, unknown> = {};
  for (const name of ['query', 'documentId', 'operationName', 'variables', 'extensions']) {
    const [text, ...more] = parameters.getAll(name);
    if (more.length > 0) return { problem: `The parameter ${name} is given more than once.` };
    const isJson = name === 'variables' || name === 'extensions';
    // A form sends an empty parameter for a field that was not filled in.
    given[name] = isJson && text ? parseJson(text, 'not JSON') : text || undefined;
  }
  return checkAsked(given);
}

/** @param given the parameters, named as in GraphQL over HTTP. Other members are ignored. */
export function checkAsked(given: Readonly<Record<string, unknown>>): AskedReading {
  const { query, documentId, operationName } = given;
  const variables = withoutEmptyList(given['variables']);
  const extensions = withoutEmptyList(given['extensions']);
  if (!isAbsent(query) && (typeof query !== 'string' || query === ''))
    return { problem: 'query is not a string, or is empty.' };
  if (!isAbsent(documentId) && (typeof documentId !== 'string' || documentId === ''))
    return { problem: 'documentId is not a string, or is empty.' };
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    return { problem: 'operationName is not a string.' };
  }
  if (!isAbsent(variables) && !isObject(variables)) return { problem: 'variables is not a JSON object.' };
  if (!isAbsent(extensions) && !isObject(extensions)) return { problem: 'extensions is not a JSON object.' };
  const hash = persistedHash(extensions);
  if (hash === null) return { problem: 'extensions.persistedQuery has no sha256Hash.' };
  if (typeof documentId === 'string' && hash !== undefined && !documentId.endsWith(hash))
    return { problem: 'documentId and extensions.persistedQuery name different documents.' };
  return {
    asked: {
      query: query ?? undefined,
      documentId: documentId ?? hash,
      operationName: operationName || undefined,
      variables: isObject(variables) ? variables : undefined,
      extensions: isObject(extensions) ? extensions : undefined,
    },
  };
}

/** The hash in `extensions.persistedQuery`, by which Apollo's clients name a document; null if it has no usable hash. */
function persistedHash(extensions: unknown): string | null | undefined {
  const persisted = isObject(extensions) ? extensions['persistedQuery'] : undefined;
  if (isAbsent(persisted)) return undefined;
  const hash = isObject(persisted) ? persisted['sha256Hash'] : undefined;
  return typeof hash === 'string' && hash !== '' ? hash : null;
}

// PHP encodes an empty map as `[]`.
const withoutEmptyList = (value: unknown) => (Array.isArray(value) && value.length === 0 ? undefined : value);

const isAbsent = (value: unknown) => value === undefined || value === null;

function parseJson(text: string, otherwise?: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
