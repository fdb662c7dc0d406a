import { isObject } from '../../base/is-object.ts';

/** What a request asks to be executed, as GraphQL over HTTP names it. */
export interface Asked {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Either what is asked, or one sentence on why it is no GraphQL request. Nothing of what was sent is repeated. */
export type AskedReading = { readonly asked: Asked } | { readonly problem: string };

export function askedInBody(text: string): AskedReading {
  const body = parseJson(text);
  if (body === undefined) return { problem: 'The body is not JSON.' };
  if (Array.isArray(body)) return { problem: 'Batches are not supported: one operation a request.' };
  return isObject(body) ? checkAsked(body) : { problem: 'The body is not a JSON object.' };
}

export function askedInUrl(search: string): AskedReading {
  const parameters = new URLSearchParams(search);
  const given: Record<string, unknown> = {};
  for (const name of ['query', 'operationName', 'variables', 'extensions']) {
    const [text, ...more] = parameters.getAll(name);
    if (more.length > 0) return { problem: `The parameter ${name} is given more than once.` };
    const isJson = name === 'variables' || name === 'extensions';
    // An empty parameter is how a form says that there is none.
    given[name] = isJson && text ? parseJson(text, 'not JSON') : text || undefined;
  }
  return checkAsked(given);
}

function checkAsked(given: Readonly<Record<string, unknown>>): AskedReading {
  const { query, operationName } = given;
  const variables = withoutEmptyList(given['variables']);
  const extensions = withoutEmptyList(given['extensions']);
  if (typeof query !== 'string' || query === '')
    return { problem: 'There is no query, or it is not a string.' };
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    return { problem: 'operationName is not a string.' };
  }
  if (!isAbsent(variables) && !isObject(variables)) return { problem: 'variables is not a JSON object.' };
  if (!isAbsent(extensions) && !isObject(extensions)) return { problem: 'extensions is not a JSON object.' };
  return {
    asked: {
      query,
      ...(operationName && { operationName }),
      ...(isObject(variables) && { variables }),
      ...(isObject(extensions) && { extensions }),
    },
  };
}

// PHP writes an empty map as a list.
const withoutEmptyList = (value: unknown) => (Array.isArray(value) && value.length === 0 ? undefined : value);

const isAbsent = (value: unknown) => value === undefined || value === null;

function parseJson(text: string, otherwise?: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
