/** A setting that proves wrong while the gateway starts, such as a port in use. The message is for the operator. */
export class SettingError extends Error {}
