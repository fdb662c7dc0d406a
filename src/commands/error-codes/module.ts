import { errorCodes } from '../../graphql/error-codes.ts';

const members = Object.entries(errorCodes).map(
  ([code, { when, action, retryable }]) =>
    `  /** ${when} ${action} */\n  ${code}: { retryable: ${retryable} },\n`,
);

/** The table of error codes as a TypeScript module that stands alone: what a frontend imports or copies. */
export const errorCodesModule = `/** Every value of \`errors[].extensions.code\`, and whether a retry may help. */
export const errorCodes = {
${members.join('')}} as const;

export type ErrorCode = keyof typeof errorCodes;

/** False for the codes of a proxy, a router or the client library. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}
`;
