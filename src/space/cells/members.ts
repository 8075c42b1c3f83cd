/** @file Which published architectures a space holds. */
export { membersOf as members } from '../published-architecture.js';
