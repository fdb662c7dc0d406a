import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../context.ts';
import { tooManyCalls } from '../errors.ts';
import { AnswerEstimate } from './answer-estimate.ts';
import { countedDefault } from './count-fields.ts';

/**
 * Refuses an operation with few calls but a huge answer: one ID ten thousand times in a list is one call, and a list can be selected
 * under many aliases. The size that the request alone does not determine is counted during the execution.
 */
export function useAnswerSize({ maxCalls }: { readonly maxCalls: number }): Plugin<GatewayContext> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { document, operationName, variableValues, contextValue } = args;
      const { answer } = contextValue.operation;
      const estimate = new AnswerEstimate(document, operationName, variableValues ?? {});
      answer.begin(estimate);
      if (answer.refusal) {
        // With ten thousand distinct IDs, the call limit is the more helpful error, although the loaders have not collected the IDs yet.
        const error = estimate.distinctItems() > maxCalls ? tooManyCalls(maxCalls) : answer.refusal;
        setResultAndStopExecution({ data: null, errors: [error] });
      }
      args.fieldResolver = countedDefault;
    },
  };
}
