import type { Command } from 'commander';
import { type CommandContext, createCommand } from '../frame.js';
export function benchCommand(_: CommandContext): Command {
  return createCommand('bench', { summary: 'bench', example: 'nas bench' });
}
