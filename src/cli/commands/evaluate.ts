import type { Command } from 'commander';
import { type CommandContext, createCommand } from '../frame.js';
export function evaluateCommand(_: CommandContext): Command {
  return createCommand('evaluate', { summary: 'evaluate', example: 'nas evaluate' });
}
