import type { Command } from 'commander';
import { type CommandContext, createCommand } from '../frame.js';
export function searchCommand(_: CommandContext): Command {
  return createCommand('search', { summary: 'search', example: 'nas search' });
}
