/** @file Where in the user's own code something went wrong, as the stack of an error tells. */
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in a file of the user's. */
export interface UserPlace {
  readonly file: string;
  readonly line: number;
  /** The function's name; `undefined` at the top level, and in functions without a name. */
  readonly within: string | undefined;
}

/** This program's own code, compiled or not. */
const own = fileURLToPath(new URL('..', import.meta.url));

/** The innermost place in the user's code; `undefined` where the error has been nowhere in it. */
export function userPlaceOf(error: unknown): UserPlace | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const line of stack.split('\n')) {
    const [, within, location = '', number] = /^\s+at (?:(.+?) \()?(.+?):(\d+):\d+\)?$/.exec(line) ?? [];
    const file = pathOf(location);
    if (file === undefined || file.startsWith(own) || file.includes(`${sep}node_modules${sep}`)) continue;
    return { file, line: Number(number), within: within === undefined ? undefined : nameIn(within) };
  }
  return undefined;
}

/** Such as `/home/me/mine.mjs, line 4, in build`. */
export const placeText = ({ file, line, within }: UserPlace): string =>
  `${file}, line ${line}${within === undefined ? '' : `, in ${within}`}`;

/** The path of a file; `undefined` of Node.js itself, and of anything else that is no file. */
function pathOf(location: string): string | undefined {
  const plain = location.replace(/^async /, '').replace(/\?.*$/, '');
  if (plain.startsWith('file:')) return fileURLToPath(plain);
  return /^(\/|[A-Za-z]:\\)/.test(plain) ? plain : undefined;
}

/** Without the object that V8 puts before it: `Object.build` and `async Object.ask` are `build` and `ask`. */
function nameIn(text: string): string | undefined {
  const name = text
    .replace(/^async /, '')
    .replace(/^new /, '')
    .replace(/ \[as .*\]$/, '')
    .split('.')
    .at(-1);
  return name === undefined || name === '<anonymous>' ? undefined : name;
}
