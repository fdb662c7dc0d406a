import type { GraphiqlPage } from './page.ts';
import { graphiqlTabs, placeholders, type Samples } from './tabs.ts';

/** GraphiQL with what to try in it. Loaded only where it is on: it is most of the memory of a gateway that serves it. */
export async function loadGraphiqlPage(
  excludeTags: readonly string[],
  samples: Samples = placeholders,
): Promise<GraphiqlPage> {
  const { createGraphiqlPage } = await import('./page.ts');
  return createGraphiqlPage({ tabs: graphiqlTabs(samples, excludeTags), token: samples.token });
}
