import type { Command } from 'commander';
import { type CommandContext, createCommand } from '../frame.js';
export function resumeCommand(_: CommandContext): Command {
  return createCommand('resume', { summary: 'resume', example: 'nas resume' });
}
