import type { OperationDefinitionNode } from 'graphql';

// The name is the client's own choice.
const maxNameLength = 128;

/** An operation's name as it is written to the log. */
export const loggedName = ({ name }: OperationDefinitionNode): string | undefined =>
  name?.value.slice(0, maxNameLength);
