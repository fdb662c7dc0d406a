import type { OperationDefinitionNode } from 'graphql';

// The client chooses the name, and it can be of any length.
const maxNameLength = 128;

/** An operation's name, shortened for the log. */
export const loggedName = ({ name }: OperationDefinitionNode): string | undefined =>
  name?.value.slice(0, maxNameLength);
