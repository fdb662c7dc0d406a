import { type DocumentNode, GraphQLError, parse, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createDocumentCache } from './document-cache.ts';
import { documentRules } from './document-rules.ts';
import type { ErrorCode } from '../error-codes.ts';
import { clientError } from '../errors.ts';
import { hasMoreLines } from '../locations.ts';
import { countRepeats } from './repeats.ts';

export interface DocumentOptions {
  /** The parser stops after this number of tokens. */
  readonly maxTokens: number;
  /** Whether introspection is on, and error messages may name parts of the schema that the document does not contain. */
  readonly names: boolean;
}

// These limits keep the response to any invalid document below 2 kB.
const maxErrors = 3;
const maxMessageBytes = 400;
// No client selects the same field so often, and validation compares each pair of them.
const maxRepeats = 50;
const maxKeptBytes = 64 * 1024 * 1024;

/** Refuses documents that are too long, are not GraphQL or do not fit the schema. Its messages name the schema only if `names` is true. */
export function useDocuments({ maxTokens, names }: DocumentOptions): Plugin {
  const rules = documentRules({ introspection: names });
  // Only valid documents are cached: clients do not repeat an invalid one.
  const documents = createDocumentCache(maxKeptBytes);
  const passed = new WeakSet<DocumentNode>();

  const refuse = (code: ErrorCode, sentence: string, error?: GraphQLError) => {
    const helps = names && error && Buffer.byteLength(JSON.stringify(error.message)) <= maxMessageBytes;
    return clientError(code, helps ? error.message : sentence, { at: error, httpStatus: 400 });
  };

  const parseDocument = (text: string): DocumentNode => {
    const sentence = `The document is not GraphQL of at most ${maxTokens} tokens and lines.`;
    // Line breaks are not tokens, but graphql scans all of them again for each location of an error.
    if (hasMoreLines(text, maxTokens)) throw refuse('GRAPHQL_PARSE_FAILED', sentence);
    try {
      return parse(text, { maxTokens });
    } catch (error) {
      // Any other error is a stack overflow: the nesting was too deep for the parser.
      throw refuse('GRAPHQL_PARSE_FAILED', sentence, error instanceof GraphQLError ? error : undefined);
    }
  };

  const validateDocument: typeof validate = (schema, document, specified = []) => {
    if (countRepeats(document) > maxRepeats)
      return [refuse('GRAPHQL_VALIDATION_FAILED', 'The document repeats the same fields too often.')];
    let errors: readonly GraphQLError[];
    try {
      errors = validate(schema, document, [...specified, ...rules], { maxErrors: names ? maxErrors : 1 });
    } catch (error) {
      // The rule for the one root field of a subscription knows no variables, and throws where @skip or @include has one.
      if (!(error instanceof GraphQLError)) throw error;
      return [refuse('GRAPHQL_VALIDATION_FAILED', 'A variable may not leave out the root field.')];
    }
    return errors
      .slice(0, names ? maxErrors : 1)
      .map((error) => refuse('GRAPHQL_VALIDATION_FAILED', 'The document does not fit the schema.', error));
  };

  return {
    onParse({ setParseFn }) {
      setParseFn((source) => {
        const text = typeof source === 'string' ? source : source.body;
        return documents.get(text) ?? parseDocument(text);
      });
    },
    onValidate({ setValidationFn }) {
      setValidationFn((schema, document, specified) => {
        if (passed.has(document)) return [];
        const errors = validateDocument(schema, document, specified);
        if (errors.length === 0 && document.loc) {
          passed.add(document);
          documents.set(document.loc.source.body, document);
        }
        return errors;
      });
    },
  };
}
