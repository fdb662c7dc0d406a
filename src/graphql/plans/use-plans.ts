import type { Plugin } from 'graphql-yoga';
import type { Plans } from './plans.ts';

/** Keeps the documents that Yoga executes, which are valid, so that they get plans. */
export function usePlans(plans: Plans): Plugin {
  return {
    onExecute({ args: { document } }) {
      const text = document.loc?.source.body;
      if (text !== undefined) plans.keep(text, document);
    },
  };
}
