interface ImportMetaEnv {
  /** The gateway's GraphQL endpoint, where it is not `/graphql` of the page's own origin. */
  readonly VITE_GATEWAY_URL?: string;
  /** A token to begin with, of a gateway on its simulator. */
  readonly VITE_SIMULATOR_TOKEN?: string;
}
