import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../context.ts';
import { tooManyCalls } from '../errors.ts';
import { AnswerEstimate } from './answer-estimate.ts';
import { countedDefault } from './count-fields.ts';

/**
 * Refuses an operation whose answer would be huge though its calls are few: one ID, ten thousand times in a list, is one call, and
 * a list can be asked for by many aliases. What the request alone cannot tell is counted while the answer grows.
 */
export function useAnswerSize({ maxCalls }: { readonly maxCalls: number }): Plugin<GatewayContext> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { document, operationName, variableValues, contextValue } = args;
      const { answer } = contextValue.operation;
      const estimate = new AnswerEstimate(document, operationName, variableValues ?? {});
      answer.begin(estimate);
      if (answer.refusal) {
        // Ten thousand different IDs are told what is wrong with them, though nobody waits until they are gathered.
        const error = estimate.distinctItems() > maxCalls ? tooManyCalls(maxCalls) : answer.refusal;
        setResultAndStopExecution({ data: null, errors: [error] });
      }
      args.fieldResolver = countedDefault;
    },
  };
}
