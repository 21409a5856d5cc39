const STYLE_ID = "rb-style";

// Sizes and colours sit well beside kintone's own buttons; nothing is taken from kintone's style sheets, which change
// without notice, so each rule says all that it needs.
const CSS = `
.rb {
  display: inline-block; vertical-align: top; box-sizing: border-box; max-width: 100%; margin: 8px 8px 8px 0;
  color: #333; font-size: 14px; line-height: 1.5; text-align: left; white-space: normal; overflow-wrap: anywhere;
}
.rb *, .rb-dialog, .rb-dialog * { box-sizing: border-box; font-family: inherit; }
.rb-mobile { display: block; margin: 8px; }
.rb [hidden] { display: none !important; }
.rb p { margin: 0 0 6px; }
.rb a { display: inline-block; margin-top: 6px; color: #1d6fa5; text-decoration: underline; }
.rb button, .rb-dialog button {
  min-height: 36px; margin: 0; padding: 6px 16px; max-width: 100%; border: 1px solid #c8d0d4; border-radius: 4px;
  background: #f7f9fa; color: #1d6fa5; font-size: 14px; font-weight: normal; line-height: 1.4; overflow-wrap: anywhere;
  cursor: pointer;
}
.rb .rb-run, .rb-dialog .rb-primary {
  min-height: 40px; background: #1d6fa5; border-color: #1d6fa5; color: #fff; font-weight: bold;
}
.rb .rb-run:hover, .rb-dialog .rb-primary:hover { background: #165a87; }
.rb button:disabled, .rb button:disabled:hover { background: #e3e7e8; border-color: #c8d0d4; color: #5c6468; cursor: default; }
.rb :focus-visible, .rb-dialog :focus-visible { outline: 3px solid #1a1a1a; outline-offset: 2px; }
.rb-mobile .rb-run { width: 100%; min-height: 48px; }
.rb-panel {
  width: 440px; max-width: 100%; margin-top: 8px; padding: 10px 14px; border: 1px solid #c8d0d4;
  border-left: 4px solid var(--rb-tone); border-radius: 4px; background: #fff;
}
.rb-mobile .rb-panel { width: auto; }
.rb .rb-line { display: flex; gap: 8px; margin: 0; font-weight: bold; }
.rb-mark { flex: none; width: 1.2em; color: var(--rb-tone); text-align: center; }
.rb, .rb li { --rb-tone: #1d6fa5; }
.rb[data-state="succeeded"], .rb [data-step="succeeded"] { --rb-tone: #1e7b34; }
.rb[data-state="failed"], .rb [data-step="failed"] { --rb-tone: #b3261e; }
.rb:is([data-state="unknown"], [data-state="skipped"], [data-state="canceled"]), .rb [data-step="canceled"] {
  --rb-tone: #8a5a00;
}
.rb progress { display: block; width: 100%; height: 8px; margin: 8px 0 0; accent-color: #1d6fa5; }
.rb summary { margin: 6px 0 0; color: #555; font-size: 13px; cursor: pointer; }
.rb-time { font-variant-numeric: tabular-nums; }
.rb-body { padding-top: 6px; }
.rb-steps { margin: 0 0 8px; padding: 0; list-style: none; }
.rb-steps li { display: flex; gap: 8px; padding: 3px 0; border-top: 1px solid #eceff0; }
.rb-name { flex: 1; }
.rb-word { color: #555; text-align: right; }
.rb [data-step="running"] .rb-name { font-weight: bold; }
.rb pre {
  margin: 4px 0 8px; padding: 8px; background: #f7f9fa; color: #333; font: 12px/1.5 monospace; white-space: pre-wrap;
}
.rb-dialog {
  width: 440px; max-width: calc(100vw - 32px); padding: 20px 24px; border: 1px solid #c8d0d4; border-radius: 6px;
  background: #fff; color: #333; font-size: 14px; line-height: 1.6; overflow-wrap: anywhere;
}
.rb-dialog::backdrop { background: rgba(0, 0, 0, 0.5); }
.rb-dialog h2 { margin: 0 0 12px; font-size: 18px; font-weight: bold; }
.rb-dialog p { margin: 0 0 20px; white-space: pre-line; }
.rb-dialog div { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 12px; }
@media (prefers-reduced-motion: reduce) { .rb progress:indeterminate { animation: none; appearance: none; opacity: 0.3; } }
@media print { .rb { display: none; } }
`;

/** Adds the style sheet to the document, once. */
export function addStyle() {
  if (!document.getElementById(STYLE_ID)) {
    const style = document.createElement("style");
    style.id = STYLE_ID;
    style.textContent = CSS;
    document.head.append(style);
  }
}
