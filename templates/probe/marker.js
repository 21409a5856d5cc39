// All that the plug-in does on the record's page: it tells that it runs there.

export function noteThatItRan() {
  Object.assign(window, { pluginRan: true });
}
