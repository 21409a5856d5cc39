import { askingRules } from "./rules/asking.js";
import { callRules } from "./rules/calls.js";
import { followingRules } from "./rules/following.js";
import { keepingRules } from "./rules/keeping.js";
import { logRules } from "./rules/log.js";
import { pageRules } from "./rules/page.js";
import { startRules } from "./rules/starts.js";
import { tellingRules } from "./rules/telling.js";
import { truthRules } from "./rules/truth.js";

/**
 * Every rule of a run: a named function for each kind of event that it checks, which returns the problem, or nothing;
 * test_mutants.py has a mutant of the runtime for each that breaks it.
 */
export const rules = [...startRules, ...truthRules, ...followingRules, ...tellingRules, ...callRules, ...keepingRules, ...logRules, ...askingRules, ...pageRules];

/** The rules' functions by event. */
export const judges = Object.create(null);
for (const rule of rules) {
  for (const [event, judge] of Object.entries(rule.on)) {
    (judges[event] ??= []).push({ name: rule.name, judge });
  }
}
