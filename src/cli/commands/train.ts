import type { Command } from 'commander';
import { type CommandContext, createCommand } from '../frame.js';
export function trainCommand(_: CommandContext): Command {
  return createCommand('train', { summary: 'train', example: 'nas train' });
}
