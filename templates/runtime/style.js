const STYLE_ID = "rb-style";

// Sizes and colours sit well beside kintone's own buttons. Nothing is taken from kintone's style sheets, which change
// without notice, nor left to other people's, which have rules for bare elements; so each rule says all that it needs.
//
// A place's buttons stand in one row, with what is told of them below: each unit's element has no box of its own, and
// `order` brings its parts where they belong. The pseudo-elements are the line breaks.
const CSS = `
.rb-place {
  display: flex; flex-wrap: wrap; align-items: flex-start; box-sizing: border-box; max-width: 100%; margin: 0;
  padding: 4px 0; color: #333; font-size: 14px; line-height: 1.5; text-align: left; white-space: normal;
  overflow-wrap: anywhere;
}
.rb-place:empty { display: none; }
.rb-place::before, .rb-place::after { content: ""; flex: 0 0 100%; order: 1; }
.rb { display: contents; --rb-tone: #1d6fa5; }
.rb *, .rb-dialog, .rb-dialog * { box-sizing: border-box; font-family: inherit; }
.rb [hidden] { display: none !important; }
.rb p { margin: 0 0 6px; padding: 0; color: inherit; font-size: inherit; line-height: inherit; text-indent: 0; }
.rb-whose { font-weight: bold; }
.rb a { display: inline-block; margin: 0 0 4px; color: #1d6fa5; text-decoration: underline; }
.rb button, .rb-dialog button {
  display: inline-block; min-height: 36px; margin: 0; padding: 6px 16px; max-width: 100%; border: 1px solid #8fa3ad; border-radius: 4px;
  background: #fff; color: #1d6fa5; font-size: 14px; font-weight: normal; line-height: 1.4; text-align: center;
  overflow-wrap: anywhere; cursor: pointer;
}
.rb button:hover, .rb-dialog button:hover { background: #edf3f7; }
.rb .rb-run { min-height: 40px; margin: 4px 8px 4px 0; border-color: #1d6fa5; font-weight: bold; }
.rb .rb-primary, .rb-dialog .rb-primary { background: #1d6fa5; border-color: #1d6fa5; color: #fff; font-weight: bold; }
.rb .rb-primary:hover, .rb-dialog .rb-primary:hover { background: #165a87; }
.rb button:disabled, .rb button:disabled:hover { background: #e3e7e8; border-color: #c8d0d4; color: #5c6468; cursor: default; }
.rb :focus-visible, .rb-dialog :focus-visible { outline: 3px solid #1a1a1a; outline-offset: 2px; }
.rb .rb-last { order: 1; margin: 0 16px 0 0; color: #555; font-size: 12px; }
.rb:only-child .rb-last .rb-of { display: none; }
.rb .rb-closed { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.rb .rb-panel {
  position: relative; order: 2; flex: 0 1 420px; min-width: 0; max-width: 100%; margin: 4px 8px 4px 0; padding: 8px 12px;
  border: 1px solid #c8d0d4; border-left: 4px solid var(--rb-tone); border-radius: 4px; background: #fff;
  container-type: inline-size;
}
.rb-head { display: grid; grid-template-columns: 1.2em 1fr; column-gap: 8px; padding-right: 28px; }
.rb-panel[data-room] .rb-head { min-height: 42px; }
.rb .rb-progress { grid-column: 2; margin: 0; color: #555; font-size: 13px; }
.rb-time { font-variant-numeric: tabular-nums; }
.rb-sign { flex: none; width: 1.2em; color: var(--rb-tone); font-weight: bold; text-align: center; }
.rb[data-state="succeeded"], .rb [data-step="succeeded"] { --rb-tone: #1e7b34; }
.rb[data-state="failed"], .rb [data-step="failed"] { --rb-tone: #b3261e; }
.rb:is([data-state="unknown"], [data-state="skipped"], [data-state="canceled"]), .rb [data-step="canceled"] {
  --rb-tone: #8a5a00;
}
.rb [data-step="queued"], .rb [data-step="running"] { --rb-tone: #1d6fa5; }
.rb progress { display: block; width: 100%; height: 8px; margin: 6px 0 8px; visibility: hidden; accent-color: #1d6fa5; }
.rb [data-busy] progress { visibility: visible; }
.rb details { display: block; margin: 0; padding: 0; }
.rb summary { display: list-item; padding: 0; color: #555; font-size: 13px; cursor: pointer; }
.rb .rb-panel > details > summary, .rb .rb-close {
  display: block; position: absolute; top: 4px; right: 4px; width: 32px; height: 32px; min-height: 0; padding: 0;
  border: 1px solid transparent; box-sizing: border-box; background: none; color: #555; font-size: 18px; line-height: 30px; list-style: none; text-align: center;
}
.rb-panel > details > summary::-webkit-details-marker { display: none; }
.rb-panel > details > summary::before { content: "▸"; }
.rb-panel > details[open] > summary::before { content: "▾"; }
.rb :not([data-closable]) > .rb-close, .rb [data-closable] > details:not([open]) + .rb-close,
.rb [data-closable] > details[open] > summary { display: none; }
.rb-panel[data-room] .rb-body { min-height: 92px; }
.rb-panel[data-room] .rb-tall { min-height: 180px; }
.rb .rb-steps { max-height: 84px; margin: 0 0 8px; padding: 0; overflow: auto; columns: auto; list-style: none; }
.rb .rb-steps li {
  display: flex; float: none; gap: 8px; width: auto; margin: 0; padding: 2px 0; border: 0; border-top: 1px solid #eceff0;
  font-size: 13px;
}
.rb-name { flex: 1; min-width: 0; }
.rb-word { color: #555; text-align: right; }
.rb [data-step="running"] .rb-name { font-weight: bold; }
.rb-outcome { font-size: 13px; }
.rb-outcome button { margin-left: 4px; font-size: 13px; }
.rb .rb-when { margin: 0; color: #555; }
.rb pre {
  max-height: 12em; margin: 4px 0 8px; padding: 8px; overflow: auto; background: #f7f9fa; color: #333;
  font: 12px/1.5 monospace; white-space: pre-wrap;
}
@container (max-width: 220px) {
  .rb-head { padding: 24px 0 0; }
  .rb .rb-steps li { flex-wrap: wrap; }
  .rb-word { width: 100%; }
}
.rb-mobile { padding: 4px 4px 4px 8px; }
.rb-mobile .rb-run { flex: 1 1 40%; min-height: 44px; margin: 4px 4px 4px 0; }
.rb-mobile .rb-panel { flex-basis: 100%; margin-right: 4px; }
.rb-mobile :is(.rb-outcome button, .rb-outcome a, .rb-details summary) { min-height: 44px; line-height: 1.4; padding-block: 12px; }
.rb-mobile .rb-panel > details > summary, .rb-mobile .rb-panel .rb-close {
  top: 0; right: 0; width: 44px; height: 44px; line-height: 42px;
}
.rb-dialog {
  inset: 0; width: 440px; min-width: 0; max-width: calc(100vw - 32px); height: fit-content; min-height: 0; margin: auto;
  padding: 20px 24px; border: 1px solid #c8d0d4; border-radius: 6px; background: #fff; color: #333; font-size: 14px;
  line-height: 1.6; overflow-wrap: anywhere;
}
.rb-dialog[open] { display: block; }
.rb-dialog::backdrop { background: rgba(0, 0, 0, 0.5); }
.rb-dialog h2 { margin: 0 0 12px; color: inherit; font-size: 18px; text-transform: none; font-weight: bold; }
.rb-dialog p { margin: 0 0 20px; color: inherit; font-size: inherit; text-indent: 0; white-space: pre-line; }
.rb-dialog div { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 12px; }
@media (prefers-reduced-motion: reduce) { .rb progress:indeterminate { visibility: hidden !important; } }
@media print { .rb-place { display: none; } }
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
