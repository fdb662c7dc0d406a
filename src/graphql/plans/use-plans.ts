import type { Plugin } from 'graphql-yoga';
import type { Plans } from './plans.ts';

/** Has plans made for what is executed the ordinary way, and so is valid. */
export function usePlans(plans: Plans): Plugin {
  return {
    onExecute({ args: { document } }) {
      const text = document.loc?.source.body;
      if (text !== undefined) plans.learn(text, document);
    },
  };
}
