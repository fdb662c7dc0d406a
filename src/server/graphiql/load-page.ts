import type { GraphiqlPage } from './page.ts';
import { graphiqlTabs, placeholders, type Samples } from './tabs.ts';

/** Loads GraphiQL, with example queries in its tabs. The import is dynamic because the package is large: only a gateway that serves it pays. */
export async function loadGraphiqlPage(
  excludeTags: readonly string[],
  samples: Samples = placeholders,
): Promise<GraphiqlPage> {
  const { createGraphiqlPage } = await import('./page.ts');
  return createGraphiqlPage({ tabs: graphiqlTabs(samples, excludeTags), token: samples.token });
}
