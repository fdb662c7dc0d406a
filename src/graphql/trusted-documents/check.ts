import { getOperationAST, GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import { documentRules } from '../documents/document-rules.ts';
import type { DocumentsById } from './manifest.ts';

export interface CheckOptions {
  readonly schema: GraphQLSchema;
  readonly maxTokens: number;
  readonly introspection: boolean;
}

/** One line for each document that is not valid for the served schema, with its first mistake. */
export function invalidDocuments(documents: DocumentsById, options: CheckOptions): string[] {
  return [...new Set(documents.values())].flatMap((text) => {
    const problem = problemOf(text, options);
    const [hash] = [...documents].find(([, document]) => document === text) ?? [];
    return problem === undefined ? [] : [`${hash}: ${problem}`];
  });
}

function problemOf(text: string, { schema, maxTokens, introspection }: CheckOptions): string | undefined {
  try {
    const document = parse(text, { maxTokens });
    const [error] = validate(schema, document, [...specifiedRules, ...documentRules({ introspection })]);
    if (!error) return undefined;
    const name = getOperationAST(document)?.name?.value;
    return name === undefined ? error.message : `${name}: ${error.message}`;
  } catch (error) {
    return error instanceof GraphQLError ? error.message : 'it is nested too deeply';
  }
}
