/**
 * Recognizes files for agents, such as AGENTS.md, and settings of coding tools: later roles follow them. Pure.
 */
const GUIDE =
  /(?:^|\/)(?:AGENTS?(?:\.override)?|CLAUDE(?:\.local)?|GEMINI|QWEN|WARP|JULES|CRUSH|CODEX|COPILOT|CONVENTIONS|CONTRIBUTING|SKILL)\.md$|(?:^|\/)\.(?:cursorrules|windsurfrules|clinerules|roorules|goosehints|aider\.conf\.yml|rules|mcp\.json)$|(?:^|\/)\.(?:cursor|windsurf|clinerules|roo|claude|gemini|codex|continue|junie|kiro|amazonq|augment|trae|agents?)\/|(?:^|\/)\.github\/(?:copilot-instructions\.md|instructions\/|prompts\/|chatmodes\/|agents\/|skills\/)/i;

export function isGuide(path: string): boolean {
  return GUIDE.test(path);
}
