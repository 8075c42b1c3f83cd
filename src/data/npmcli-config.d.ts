/** @file The part of @npmcli/config that its published types leave out: the definitions of npm's own settings. */
declare module '@npmcli/config/lib/definitions/index.js' {
  import type Config from '@npmcli/config';

  const settings: Pick<Config.Options, 'definitions' | 'shorthands' | 'flatten'>;
  export default settings;
}
